namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Division by 2^<paramref name="bits"/> of a number x = c + s that two parties share in Z_2^ℓ, −2^(ℓ−2) ≤ x &lt; 2^(ℓ−2), each on its own
/// share. With x' = x + 2^(ℓ−2) and s' = s + 2^(ℓ−2), shares as signed numbers and γ, σ the signs of c and s':
/// x' = c + s' + 2^ℓ·γσ over the integers, because 0 ≤ x' &lt; 2^(ℓ−1) leaves c + s' no other way to wrap around than both being
/// negative or exactly one. So x/2^b is ⌊c/2^b⌋ + ⌈s'/2^b⌉ − 2^(ℓ−2−b) + 2^(ℓ−b)·γσ, rounded down or up: a *faithful* rounding.
/// What the parties cannot compute alone is γσ, a product of a bit of each (the idea of Dalskov, Escudero and Keller, "Secure
/// evaluation of quantized neural networks", PoPETs 2020, section 4, where the slack bit of x' decides a wrap).
/// </summary>
/// <param name="ring">Z_2^ℓ.</param>
/// <param name="bits">b, from 0 to ℓ − 2; with 0 nothing is divided and both parties' halves are their shares.</param>
internal readonly struct SharedShift(Ring ring, int bits)
{
    /// <summary>b.</summary>
    public int Bits => bits;

    public bool IsEmpty => bits == 0;

    /// <summary>2^(ℓ−b): what γσ counts.</summary>
    public ulong Wrap => 1UL << (ring.Bits - bits);

    /// <summary>Words modulo 2^b: what γσ's factors are needed to.</summary>
    public ulong WrapMask => (1UL << bits) - 1;

    private ulong Offset => 1UL << (ring.Bits - 2);

    /// <summary>⌊c/2^b⌋, the client's half.</summary>
    public ulong Floor(ulong share) => (ulong)(ring.ToSigned(share) >> bits) & ring.Mask;

    /// <summary>γ.</summary>
    public ulong FloorSign(ulong share) => share >> (ring.Bits - 1);

    /// <summary>⌈s'/2^b⌉ − 2^(ℓ−2−b), the server's half.</summary>
    public ulong Ceiling(ulong share)
    {
        ulong raised = (share + Offset) & ring.Mask, rest = ((raised & WrapMask) + WrapMask) >> bits;
        return ((ulong)(ring.ToSigned(raised) >> bits) + rest - (Offset >> bits)) & ring.Mask;
    }

    /// <summary>σ.</summary>
    public ulong CeilingSign(ulong share) => ((share + Offset) & ring.Mask) >> (ring.Bits - 1);

    /// <summary>⌈s/2^b⌉ of a share that stays as it is: with ⌊c/2^b⌋ a neighbour of x/2^b, unless c + s wraps around.</summary>
    public ulong LocalCeiling(ulong share)
        => ((ulong)(ring.ToSigned(share) >> bits) + (((share & WrapMask) + WrapMask) >> bits)) & ring.Mask;

    /// <summary>The number itself divided: rounded to the nearest integer, halves up. What parties get is this or a neighbour.</summary>
    public static long Round(long value, int bits) => bits == 0 ? value : ((value >> (bits - 1)) + 1) >> 1;
}
