using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Randomness;

/// <summary>Eight blocks in place: as many as AES encrypts side by side, or four pairs of 256 bits.</summary>
[InlineArray(Aes128.Lanes)]
internal struct BlockGroup
{
    /// <summary>Pairs of blocks in a group.</summary>
    public const int Pairs = Aes128.Lanes / 2;

    private Block _first;

    /// <summary>Blocks 2·pair and 2·pair + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> LoadPair(ref readonly Block first, int pair) =>
        Vector256.LoadUnsafe(in Unsafe.As<Block, ulong>(ref Unsafe.AsRef(in first)), (nuint)(4 * pair));

    /// <summary>Stores blocks 2·pair and 2·pair + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePair(Vector256<ulong> value, ref Block first, int pair) =>
        value.StoreUnsafe(ref Unsafe.As<Block, ulong>(ref first), (nuint)(4 * pair));
}
