using System.Numerics;
using System.Runtime.CompilerServices;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Unsigned words as elements of Z_2^n: of 64 bits wherever these do, of 128 for polynomials whose powers need more. Code that
/// serves both is compiled for each.
/// </summary>
internal static class Words
{
    /// <summary>The largest n of words of 64 bits.</summary>
    public const int NarrowBits = 64;

    /// <summary>The largest n of words of 128 bits.</summary>
    public const int WideBits = 128;

    /// <summary>2^n − 1, for n from 0.</summary>
    public static TWord Mask<TWord>(int bits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
        => bits == 0 ? TWord.Zero : ~TWord.Zero >>> ((8 * Unsafe.SizeOf<TWord>()) - bits);

    /// <summary>difference = left − right modulo 2^n; the spans may be the same.</summary>
    public static void Subtract<TWord>(ReadOnlySpan<TWord> left, ReadOnlySpan<TWord> right, Span<TWord> difference, int bits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        TWord mask = Mask<TWord>(bits);
        for (int i = 0; i < difference.Length; i++)
            difference[i] = (left[i] - right[i]) & mask;
    }
}
