namespace PrivateInference.CommandLine.Support;

/// <summary>How far a plan's output is from the float model's.</summary>
/// <param name="Largest">The largest difference of an element.</param>
/// <param name="Minimum">The smallest element of the float model's output, or 0.</param>
/// <param name="Maximum">The largest element of the float model's output, or 0.</param>
internal readonly record struct OutputError(double Largest, double Minimum, double Maximum)
{
    /// <summary>The largest difference, relative to the range.</summary>
    public double Relative => Largest == 0 ? 0 : Largest / (Maximum - Minimum);

    public static OutputError Of(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        OutputError error = default;
        for (int i = 0; i < expected.Length; i++)
            error = error.Join(new OutputError(Math.Abs(actual[i] - expected[i]), expected[i], expected[i]));
        return error;
    }

    /// <summary>The error of two outputs together.</summary>
    public OutputError Join(OutputError other)
        => new(Math.Max(Largest, other.Largest), Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
}
