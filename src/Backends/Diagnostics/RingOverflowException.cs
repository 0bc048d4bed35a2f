namespace PrivateInference.Backends.Diagnostics;

/// <summary>A value needs more bits than a ring of 64-bit words has.</summary>
public sealed class RingOverflowException(string valueName, int bits)
    : Exception($"Value '{valueName}' needs {bits} bits on its analysed range; the largest ring has 64. "
        + "Calibrate with sample inputs to narrow the ranges, or use fewer activation or weight bits.")
{
    public string ValueName { get; } = valueName;

    public int Bits { get; } = bits;
}
