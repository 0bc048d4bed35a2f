using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Randomness;

/// <summary>
/// 64 elements of AES's field GF(2)[x] / (x^8 + x^4 + x^3 + x + 1), bit-sliced: plane p holds the coefficients of x^p.
/// Every operation is the same sequence of word operations for all values.
/// </summary>
[InlineArray(8)]
internal struct BytePlanes
{
    private ulong _first;

    /// <summary>Plane p, bit j = bit p of byte j.</summary>
    public static BytePlanes Slice(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        BytePlanes planes = default;
        for (int i = 0; i < 8; i++)
        {
            ulong columns = Transpose8(words[i]);
            for (int plane = 0; plane < 8; plane++)
                planes[plane] |= ((columns >> (8 * plane)) & 0xFF) << (8 * i);
        }

        return planes;
    }

    /// <summary>The inverse of <see cref="Slice"/>.</summary>
    public readonly void Unslice(Span<byte> bytes)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (int i = 0; i < 8; i++)
        {
            ulong columns = 0;
            for (int plane = 0; plane < 8; plane++)
                columns |= ((this[plane] >> (8 * i)) & 0xFF) << (8 * plane);
            words[i] = Transpose8(columns);
        }
    }

    // Hacker's Delight, section 7-3: an 8×8 bit matrix in one word.
    private static ulong Transpose8(ulong x)
    {
        x = SwapBits(x, 7, 0x00AA_00AA_00AA_00AA);
        x = SwapBits(x, 14, 0x0000_CCCC_0000_CCCC);
        return SwapBits(x, 28, 0x0000_0000_F0F0_F0F0);
    }

    private static ulong SwapBits(ulong x, int distance, ulong mask)
    {
        ulong difference = (x ^ (x >> distance)) & mask;
        return x ^ difference ^ (difference << distance);
    }

    public readonly BytePlanes Add(BytePlanes other)
    {
        for (int i = 0; i < 8; i++)
            other[i] ^= this[i];
        return other;
    }

    public readonly BytePlanes TimesX()
    {
        BytePlanes product = default;
        product[0] = this[7];
        for (int i = 1; i < 8; i++)
            product[i] = this[i - 1];
        product[1] ^= this[7];
        product[3] ^= this[7];
        product[4] ^= this[7];
        return product;
    }

    public readonly BytePlanes Multiply(BytePlanes other)
    {
        BytePlanes product = default;
        for (int i = 7; i >= 0; i--)
        {
            ulong factor = other[i];
            ulong carry = product[7];
            for (int j = 7; j > 0; j--)
                product[j] = product[j - 1] ^ (this[j] & factor);
            product[0] = carry ^ (this[0] & factor);
            product[1] ^= carry;
            product[3] ^= carry;
            product[4] ^= carry;
        }

        return product;
    }

    /// <summary>This to the power 2^<paramref name="count"/>.</summary>
    public readonly BytePlanes SquareTimes(int count)
    {
        BytePlanes power = this;
        for (int i = 0; i < count; i++)
            power = power.Square();
        return power;
    }

    // Squaring is linear: x^p goes to x^2p, reduced.
    private readonly BytePlanes Square()
    {
        BytePlanes square = default;
        square[0] = this[0] ^ this[4] ^ this[6];
        square[1] = this[4] ^ this[6] ^ this[7];
        square[2] = this[1] ^ this[5];
        square[3] = this[4] ^ this[5] ^ this[6] ^ this[7];
        square[4] = this[2] ^ this[4] ^ this[7];
        square[5] = this[5] ^ this[6];
        square[6] = this[3] ^ this[5];
        square[7] = this[6] ^ this[7];
        return square;
    }

    /// <summary>SubBytes (FIPS 197, section 5.1.1): the inverse as the 254th power, then the affine map.</summary>
    public readonly BytePlanes Substitute()
    {
        BytePlanes x2 = SquareTimes(1);
        BytePlanes x3 = x2.Multiply(this);
        BytePlanes x12 = x3.SquareTimes(2);
        BytePlanes x15 = x12.Multiply(x3);
        BytePlanes inverse = x15.SquareTimes(4).Multiply(x12).Multiply(x2);

        const uint Constant = 0x63;
        BytePlanes result = default;
        for (int i = 0; i < 8; i++)
        {
            result[i] = inverse[i] ^ inverse[(i + 4) % 8] ^ inverse[(i + 5) % 8] ^ inverse[(i + 6) % 8] ^ inverse[(i + 7) % 8];
            result[i] ^= 0UL - ((Constant >> i) & 1);
        }

        return result;
    }
}
