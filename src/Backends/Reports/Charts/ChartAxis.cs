using System.Collections.Immutable;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>A linear axis with round ticks around what it shows.</summary>
/// <param name="Title">What the axis measures, with its unit.</param>
/// <param name="LargerIsBetter">Which end is the better one.</param>
/// <param name="Format">A tick's text.</param>
internal sealed record ChartAxis(string Title, bool LargerIsBetter, Func<double, string> Format)
{
    private const int Intervals = 5;

    /// <summary>Round numbers, the first at or below all values, the last at or above them.</summary>
    /// <param name="values">What is shown; at least one number.</param>
    /// <param name="least">The axis does not go below this.</param>
    /// <param name="most">The axis does not go above this.</param>
    public static ImmutableArray<double> Ticks(IEnumerable<double> values, double least = 0, double most = double.PositiveInfinity)
    {
        double[] all = [.. values];
        double low = all.Min(), high = all.Max();
        double span = high > low ? high - low : Math.Max(Math.Abs(high) * 0.2, 1e-6);
        double step = RoundStep(span / Intervals);
        double first = Math.Max(Math.Floor((low - (span * 0.05)) / step) * step, least), last = Math.Ceiling((high + (span * 0.05)) / step) * step;
        int count = (int)Math.Round((Math.Min(last, Math.Max(most, high)) - first) / step);
        return [.. Enumerable.Range(0, Math.Max(count, 1) + 1).Select(i => first + (i * step))];
    }

    // 1, 2 or 5 times a power of ten.
    private static double RoundStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
    }
}
