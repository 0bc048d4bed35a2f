using PrivateInference.IR.Analysis;

namespace PrivateInference.Backends.Emission;

/// <summary>Where fixed points are put.</summary>
internal static class ScaleSelection
{
    /// <summary>
    /// A linear step takes an input with up to so many bits more than asked for: truncating costs a circuit per element,
    /// the bits cost a slightly larger ring. Average pools stay below it, products do not.
    /// </summary>
    public const int TolerableExcessBits = 8;

    /// <summary>The exponent at which a range takes <paramref name="bits"/> bits of magnitude; a range of zero alone counts as 1.</summary>
    public static int ActivationExponent(Interval range, int bits)
        => range.Magnitude == 0 ? bits : bits - (int)Math.Ceiling(Math.Log2(range.Magnitude));

    /// <summary>Bits to drop so that a value of this scale gets the exponent.</summary>
    public static int Excess(FixedScale scale, Interval range, int bits)
        => Math.Max(0, scale.Magnitude - ActivationExponent(range, bits));
}
