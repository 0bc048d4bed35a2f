using PrivateInference.IR.Analysis;

namespace PrivateInference.Backends.Emission;

/// <summary>Where fixed points are put.</summary>
internal static class ScaleSelection
{
    /// <summary>The exponent at which a range takes <paramref name="bits"/> bits of magnitude; a range of zero alone counts as 1.</summary>
    public static int ActivationExponent(Interval range, int bits)
        => bits - Magnitude(range);

    /// <summary>Bits of magnitude at scale 1; a range of zero alone counts as 1.</summary>
    public static int Magnitude(Interval range) => range.Magnitude == 0 ? 0 : (int)Math.Ceiling(Math.Log2(range.Magnitude));

    /// <summary>Bits to drop so that a value of this scale gets the exponent.</summary>
    public static int Excess(FixedScale scale, Interval range, int bits)
        => Math.Max(0, scale.Magnitude - ActivationExponent(range, bits));
}
