using System.Globalization;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Diagnostics;

/// <summary>A value, or a polynomial's powers, need more bits than a ring has.</summary>
public sealed class RingOverflowException : Exception
{
    /// <param name="valueName">The value.</param>
    /// <param name="bits">What it needs of the plan's ring.</param>
    public RingOverflowException(string valueName, int bits)
        : base(Describe(valueName, $"{bits}"))
        => ValueName = valueName;

    public RingOverflowException(string valueName, OverflowException innerException)
        : base(Describe(valueName, "over 64"), innerException)
        => ValueName = valueName;

    /// <summary>A polynomial does not fit the ring of its powers.</summary>
    /// <param name="polynomialName">The polynomial.</param>
    /// <param name="degree">Its degree.</param>
    /// <param name="range">Of its input.</param>
    /// <param name="activationBits">Bits of magnitude that its result keeps.</param>
    /// <param name="bits">What it needs.</param>
    /// <param name="largest">What there is.</param>
    public RingOverflowException(string polynomialName, int degree, Interval range, int activationBits, int bits, int largest)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Polynomial '{polynomialName}' of degree {degree} on [{range.Minimum:G4}, {range.Maximum:G4}] with {activationBits} activation bits needs {bits} bits for its powers; their largest ring has {largest}. "
                + $"Use fewer --activation-bits, calibrate with sample inputs to narrow the range, or choose a lower degree{(largest == ExecutionPlan.RingLimit ? ", or allow words of 128 bits with --ring 128" : "")}."))
        => ValueName = polynomialName;

    /// <summary>What does not fit.</summary>
    public string ValueName { get; }

    private static string Describe(string valueName, string bits)
        => $"Value '{valueName}' needs {bits} bits on its analysed range; the largest ring has 64. "
            + "Calibrate with sample inputs to narrow the ranges, or use fewer activation or weight bits.";
}
