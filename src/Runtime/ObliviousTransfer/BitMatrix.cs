using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Transposition of 128×128 bit matrices by Eklundh's recursion (Warren, "Hacker's Delight", section 7-3): seven sweeps,
/// each of which swaps the off-diagonal quarters of all squares of one size. Written on .NET's portable vectors, which
/// are instructions where the processor has them and plain arithmetic elsewhere.
/// </summary>
internal static class BitMatrix
{
    /// <summary>Rows, and columns, of a tile.</summary>
    public const int TileSize = Block.Bits;

    /// <summary>Transposes in place: bit j of block i becomes bit i of block j.</summary>
    /// <exception cref="ArgumentException">There are not 128 rows.</exception>
    public static void Transpose(Span<Block> tile)
    {
        if (tile.Length != TileSize)
            throw new ArgumentException("A tile has 128 rows.", nameof(tile));

        ref ulong words = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Block, ulong>(tile));
        SwapWords(ref words);
        Swap256(ref words, 32, 0x0000_0000_FFFF_FFFF);
        Swap256(ref words, 16, 0x0000_FFFF_0000_FFFF);
        Swap256(ref words, 8, 0x00FF_00FF_00FF_00FF);
        Swap256(ref words, 4, 0x0F0F_0F0F_0F0F_0F0F);
        Swap256(ref words, 2, 0x3333_3333_3333_3333);
        Swap128(ref words, 1, 0x5555_5555_5555_5555);
    }

    private static void SwapWords(ref ulong words)
    {
        for (int row = 0; row < 64; row++)
        {
            ref ulong upper = ref Unsafe.Add(ref words, (2 * row) + 1);
            ref ulong lower = ref Unsafe.Add(ref words, 2 * (row + 64));
            (upper, lower) = (lower, upper);
        }
    }

    private static void Swap256(ref ulong words, int size, ulong lowHalves)
    {
        Vector256<ulong> mask = Vector256.Create(lowHalves);
        for (int square = 0; square < TileSize; square += 2 * size)
        {
            for (int row = square; row < square + size; row += 2)
            {
                ref ulong upper = ref Unsafe.Add(ref words, 2 * row);
                ref ulong lower = ref Unsafe.Add(ref words, 2 * (row + size));
                Vector256<ulong> a = Vector256.LoadUnsafe(ref upper);
                Vector256<ulong> b = Vector256.LoadUnsafe(ref lower);
                Vector256<ulong> difference = (Vector256.ShiftRightLogical(a, size) ^ b) & mask;
                (a ^ Vector256.ShiftLeft(difference, size)).StoreUnsafe(ref upper);
                (b ^ difference).StoreUnsafe(ref lower);
            }
        }
    }

    private static void Swap128(ref ulong words, int size, ulong lowHalves)
    {
        Vector128<ulong> mask = Vector128.Create(lowHalves);
        for (int row = 0; row < TileSize; row += 2 * size)
        {
            ref ulong upper = ref Unsafe.Add(ref words, 2 * row);
            ref ulong lower = ref Unsafe.Add(ref words, 2 * (row + size));
            Vector128<ulong> a = Vector128.LoadUnsafe(ref upper);
            Vector128<ulong> b = Vector128.LoadUnsafe(ref lower);
            Vector128<ulong> difference = (Vector128.ShiftRightLogical(a, size) ^ b) & mask;
            (a ^ Vector128.ShiftLeft(difference, size)).StoreUnsafe(ref upper);
            (b ^ difference).StoreUnsafe(ref lower);
        }
    }
}
