namespace PrivateInference.Backends.Diagnostics;

/// <summary>A value needs more bits than a ring of 64-bit words has.</summary>
public sealed class RingOverflowException : Exception
{
    public RingOverflowException(string valueName, int bits)
        : base(Describe(valueName, $"{bits}"))
        => ValueName = valueName;

    public RingOverflowException(string valueName, OverflowException innerException)
        : base(Describe(valueName, "over 64"), innerException)
        => ValueName = valueName;

    public string ValueName { get; }

    private static string Describe(string valueName, string bits)
        => $"Value '{valueName}' needs {bits} bits on its analysed range; the largest ring has 64. "
            + "Calibrate with sample inputs to narrow the ranges, or use fewer activation or weight bits.";
}
