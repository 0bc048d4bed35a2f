namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Division by 2^<paramref name="bits"/> of a number x = c + s that two parties share in one ring, Z_2^m, into another, Z_2^n, each on its
/// own share: a *faithful* rounding, to ⌊x/2^b⌋ or ⌈x/2^b⌉. With b = 0 it changes rings.
/// <para>
/// With x' = x + 2^(m−2) and s' = s + 2^(m−2), shares as signed numbers: c + s' = x' + 2^m·w for an integer w. As 2^(m−2−b) is an
/// integer and ⌊c/2^b⌋ + ⌈s'/2^b⌉ lies within 1 of (c + s')/2^b, the halves ⌊c/2^b⌋ and ⌈s'/2^b⌉ − 2^(m−2−b) add up to x/2^b + 2^(m−b)·w,
/// rounded down or up. Modulo 2^n that is x/2^b for every x if n ≤ m − b. Otherwise w has to go, to <see cref="WrapBits"/> = n − (m − b)
/// bits, and x leaves a bit unused: for −2^(m−2) ≤ x &lt; 2^(m−2), hence 0 ≤ x' &lt; 2^(m−1), c + s' has no other way to wrap around than both
/// being negative, so w = −γσ with their signs γ and σ. What the parties cannot compute alone is γσ, a product of a bit of each (the
/// idea of Dalskov, Escudero and Keller, "Secure evaluation of quantized neural networks", PoPETs 2020, section 4, where the slack bit
/// of x' decides a wrap).
/// </para>
/// </summary>
/// <param name="from">Z_2^m.</param>
/// <param name="bits">b, from 0 to m − 2.</param>
/// <param name="to">Z_2^n.</param>
internal readonly struct SharedShift(Ring from, int bits, Ring to)
{
    /// <summary>
    /// Division of a number of so many bits that is shared in some ring, as one in the smallest ring that does: all lower bits of shares
    /// are shares in a smaller one. Where no wrap is needed, that is the ring itself.
    /// </summary>
    public static SharedShift Narrowest(Ring ring, int bits, Ring to, int numberBits)
    {
        SharedShift shift = new(ring, bits, to);
        return shift.Wraps ? new(new Ring(Math.Min(ring.Bits, Math.Max(numberBits + 1, bits + 2))), bits, to) : shift;
    }

    /// <summary>b.</summary>
    public int Bits => bits;

    /// <summary>Bits to which γσ's factors are needed; 0 where halves are all there is.</summary>
    public int WrapBits => Math.Max(0, to.Bits - HalfBits);

    /// <summary>Whether γσ is needed.</summary>
    public bool Wraps => WrapBits > 0;

    /// <summary>m − b: a half as a signed number has so many bits.</summary>
    public int HalfBits => from.Bits - bits;

    /// <summary>2^(m−b): what γσ counts where it is needed.</summary>
    public ulong Wrap => 1UL << HalfBits;

    /// <summary>Words modulo 2^<see cref="WrapBits"/>.</summary>
    public ulong WrapMask => (1UL << WrapBits) - 1;

    private ulong Offset => 1UL << (from.Bits - 2);

    private ulong Dropped => (1UL << bits) - 1;

    /// <summary>⌊c/2^b⌋, the client's half.</summary>
    public ulong Floor(ulong share) => (ulong)(from.ToSigned(share) >> bits) & to.Mask;

    /// <summary>γ.</summary>
    public ulong FloorSign(ulong share) => (share & from.Mask) >> (from.Bits - 1);

    /// <summary>⌈s'/2^b⌉ − 2^(m−2−b), the server's half.</summary>
    public ulong Ceiling(ulong share)
    {
        ulong raised = (share + Offset) & from.Mask;
        return (CeilingOf(raised) - (Offset >> bits)) & to.Mask;
    }

    /// <summary>σ.</summary>
    public ulong CeilingSign(ulong share) => ((share + Offset) & from.Mask) >> (from.Bits - 1);

    /// <summary>⌈s/2^b⌉ of a share that stays as it is: with ⌊c/2^b⌋ a neighbour of x/2^b, unless c + s wraps around.</summary>
    public ulong LocalCeiling(ulong share) => CeilingOf(share) & to.Mask;

    /// <summary>The number itself divided: rounded to the nearest integer, halves up. What parties get is this or a neighbour.</summary>
    public static long Round(long value, int bits) => bits == 0 ? value : ((value >> (bits - 1)) + 1) >> 1;

    private ulong CeilingOf(ulong share) => (ulong)(from.ToSigned(share) >> bits) + (((share & Dropped) + Dropped) >> bits);
}
