using System.Numerics;

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
/// <param name="from">m, from 2 to 128.</param>
/// <param name="bits">b, from 0 to m − 2.</param>
/// <param name="to">n, from 1 to 128.</param>
internal readonly struct SharedShift(int from, int bits, int to)
{
    /// <summary>
    /// Division of a number of so many bits that is shared in some ring, as one in the smallest ring that does: all lower bits of shares
    /// are shares in a smaller one. Where no wrap is needed, that is the ring itself.
    /// </summary>
    public static SharedShift Narrowest(int from, int bits, int to, int numberBits)
    {
        SharedShift shift = new(from, bits, to);
        return shift.Wraps ? new(Math.Min(from, Math.Max(numberBits + 1, bits + 2)), bits, to) : shift;
    }

    /// <summary>b.</summary>
    public int Bits => bits;

    /// <summary>Bits to which γσ's factors are needed; 0 where halves are all there is.</summary>
    public int WrapBits => Math.Max(0, to - HalfBits);

    /// <summary>Whether γσ is needed.</summary>
    public bool Wraps => WrapBits > 0;

    /// <summary>m − b: a half as a signed number has so many bits.</summary>
    public int HalfBits => from - bits;

    /// <summary>2^(m−b): what γσ counts where it is needed.</summary>
    public TTo Wrap<TTo>()
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
        => TTo.One << HalfBits;

    /// <summary>⌊c/2^b⌋, the client's half.</summary>
    public TTo Floor<TFrom, TTo>(TFrom share)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
        => Divided<TFrom, TTo>(share, TFrom.Zero) & Words.Mask<TTo>(to);

    /// <summary>γ.</summary>
    public ulong FloorSign<TFrom>(TFrom share)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        => ulong.CreateTruncating((share >> (from - 1)) & TFrom.One);

    /// <summary>⌈s'/2^b⌉ − 2^(m−2−b), the server's half.</summary>
    public TTo Ceiling<TFrom, TTo>(TFrom share)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
    {
        TFrom offset = TFrom.One << (from - 2), raised = share + offset;
        return (Divided<TFrom, TTo>(raised, Carry(raised)) - TTo.CreateTruncating(offset >> bits)) & Words.Mask<TTo>(to);
    }

    /// <summary>σ.</summary>
    public ulong CeilingSign<TFrom>(TFrom share)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        => FloorSign(share + (TFrom.One << (from - 2)));

    /// <summary>⌈s/2^b⌉ of a share that stays as it is: with ⌊c/2^b⌋ a neighbour of x/2^b, unless c + s wraps around.</summary>
    public ulong LocalCeiling(ulong share) => Divided<ulong, ulong>(share, Carry(share)) & Words.Mask<ulong>(to);

    /// <summary>The number itself divided: rounded to the nearest integer, halves up. What parties get is this or a neighbour.</summary>
    public TTo Round<TFrom, TTo>(TFrom number)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
        => Divided<TFrom, TTo>(number, bits == 0 ? TFrom.Zero : (number >> (bits - 1)) & TFrom.One) & Words.Mask<TTo>(to);

    /// <summary>
    /// The number divided as parties divide it: up with the probability of its fraction, because ⌊c/2^b⌋ + ⌈(x − c)/2^b⌉ for a uniform c is
    /// ⌈x/2^b⌉ where the low bits of c are fewer than those of x, and ⌊x/2^b⌋ otherwise.
    /// </summary>
    /// <param name="number">x.</param>
    /// <param name="drawn">Uniform; its low b bits are taken.</param>
    public TTo Round<TFrom, TTo>(TFrom number, TFrom drawn)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
    {
        TFrom dropped = Words.Mask<TFrom>(bits);
        return Divided<TFrom, TTo>(number, (number & dropped) > (drawn & dropped) ? TFrom.One : TFrom.Zero) & Words.Mask<TTo>(to);
    }

    // 1 where something is dropped: from a floor to a ceiling.
    private TFrom Carry<TFrom>(TFrom word)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
    {
        TFrom dropped = Words.Mask<TFrom>(bits);
        return ((word & dropped) + dropped) >> bits;
    }

    // The floor of a signed word, and a carry. With u the word as an unsigned number, the signed one is u − sign·2^m; modulo 2^n the
    // sign counts only where there is a wrap.
    private TTo Divided<TFrom, TTo>(TFrom word, TFrom carry)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
    {
        TFrom half = ((word & Words.Mask<TFrom>(from)) >> bits) + carry;
        TTo sign = Wraps ? TTo.CreateTruncating(FloorSign(word)) << HalfBits : TTo.Zero;
        return TTo.CreateTruncating(half) - sign;
    }
}
