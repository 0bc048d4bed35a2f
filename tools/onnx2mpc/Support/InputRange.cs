using System.Globalization;
using PrivateInference.IR.Execution;

namespace PrivateInference.CommandLine.Support;

/// <summary>The range that a model's input elements are clamped to.</summary>
internal static class InputRange
{
    /// <summary>Reads <c>MIN,MAX</c>; null where the user gave nothing.</summary>
    /// <exception cref="UsageException">The text has another form.</exception>
    public static (double Minimum, double Maximum)? Parse(string? text)
    {
        if (text is null)
            return null;
        string[] ends = text.Split(',');
        return ends.Length == 2
            && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double minimum)
            && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double maximum) && minimum < maximum
            ? (minimum, maximum)
            : throw new UsageException("--input-range takes MIN,MAX with MIN < MAX.");
    }

    /// <summary>What passes may rely on. With calibration the range is observed only after they have run, so it is unknown unless given.</summary>
    public static (float Minimum, float Maximum)? ForPasses((double Minimum, double Maximum)? given, CalibrationData? calibration)
    {
        if (given is var (minimum, maximum))
            return ((float)minimum, (float)maximum);
        return calibration is null ? (0, 1) : null;
    }
}
