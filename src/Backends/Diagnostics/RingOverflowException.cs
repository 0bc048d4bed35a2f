namespace PrivateInference.Backends.Diagnostics;

/// <summary>A value needs more bits than a ring of 64-bit words has.</summary>
public sealed class RingOverflowException : Exception
{
    /// <param name="valueName">The value.</param>
    /// <param name="bits">What it needs of a ring.</param>
    /// <param name="spareBits">How many of those a faithful division drops or leaves unused.</param>
    public RingOverflowException(string valueName, int bits, int spareBits = 0)
        : base(Describe(valueName, $"{bits}") + (spareBits > 1 ? $" {spareBits} of them are a polynomial's precision, which its power drops: a lower degree needs fewer." : ""))
        => ValueName = valueName;

    public RingOverflowException(string valueName, OverflowException innerException)
        : base(Describe(valueName, "over 64"), innerException)
        => ValueName = valueName;

    public string ValueName { get; }

    private static string Describe(string valueName, string bits)
        => $"Value '{valueName}' needs {bits} bits on its analysed range; the largest ring has 64. "
            + "Calibrate with sample inputs to narrow the ranges, or use fewer activation or weight bits.";
}
