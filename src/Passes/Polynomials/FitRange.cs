using System.Globalization;

namespace PrivateInference.Passes.Polynomials;

/// <summary>The interval that a polynomial is fitted on.</summary>
internal readonly record struct FitRange(double Minimum, double Maximum)
{
    /// <summary>Reads <c>-5..5</c>.</summary>
    /// <exception cref="PassException">The text is no interval.</exception>
    public static FitRange Parse(string text)
    {
        string[] ends = text.Split("..");
        if (ends.Length == 2 && Number(ends[0]) is { } minimum && Number(ends[1]) is { } maximum && minimum < maximum)
            return new FitRange(minimum, maximum);
        throw new PassException($"A range is 'samples' or an interval such as -5..5, not '{text}'.");
    }

    /// <summary>The largest absolute value in it.</summary>
    public double Magnitude => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>Evenly spaced points, both ends among them.</summary>
    public float[] Points(int count)
    {
        float[] points = new float[count];
        for (int i = 0; i < count; i++)
            points[i] = (float)(Minimum + ((Maximum - Minimum) * i / (count - 1)));
        return points;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Minimum:0.###}..{Maximum:0.###}");

    private static double? Number(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
