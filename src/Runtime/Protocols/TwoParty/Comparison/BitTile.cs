using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Transposition of 64×64 bits (Warren, "Hacker's Delight", section 7-3): six sweeps, each of which swaps the off-diagonal
/// quarters of all squares of one size. On .NET's portable vectors, as <see cref="ObliviousTransfer.BitMatrix"/>.
/// </summary>
internal static class BitTile
{
    private const int Size = 64;

    /// <summary>Transposes in place: bit j of word i becomes bit i of word j.</summary>
    /// <exception cref="ArgumentException">There are not 64 words.</exception>
    public static void Transpose(Span<ulong> tile)
    {
        if (tile.Length != Size)
            throw new ArgumentException("A tile has 64 words.", nameof(tile));
        SwapFour(tile, 32, 0x0000_0000_FFFF_FFFF);
        SwapFour(tile, 16, 0x0000_FFFF_0000_FFFF);
        SwapFour(tile, 8, 0x00FF_00FF_00FF_00FF);
        SwapFour(tile, 4, 0x0F0F_0F0F_0F0F_0F0F);
        Swap(tile, 2, 0x3333_3333_3333_3333);
        Swap(tile, 1, 0x5555_5555_5555_5555);
    }

    private static void SwapFour(Span<ulong> tile, int size, ulong lowHalves)
    {
        Vector256<ulong> mask = Vector256.Create(lowHalves);
        ref ulong words = ref MemoryMarshal.GetReference(tile);
        for (int square = 0; square < Size; square += 2 * size)
        {
            for (int row = square; row < square + size; row += Vector256<ulong>.Count)
            {
                Vector256<ulong> a = Vector256.LoadUnsafe(ref words, (nuint)row);
                Vector256<ulong> b = Vector256.LoadUnsafe(ref words, (nuint)(row + size));
                Vector256<ulong> difference = (Vector256.ShiftRightLogical(a, size) ^ b) & mask;
                (a ^ Vector256.ShiftLeft(difference, size)).StoreUnsafe(ref words, (nuint)row);
                (b ^ difference).StoreUnsafe(ref words, (nuint)(row + size));
            }
        }
    }

    private static void Swap(Span<ulong> tile, int size, ulong lowHalves)
    {
        for (int square = 0; square < Size; square += 2 * size)
        {
            for (int row = square; row < square + size; row++)
            {
                ulong difference = ((tile[row] >> size) ^ tile[row + size]) & lowHalves;
                tile[row] ^= difference << size;
                tile[row + size] ^= difference;
            }
        }
    }
}
