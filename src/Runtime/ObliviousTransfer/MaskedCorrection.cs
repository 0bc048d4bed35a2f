using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>A block to add at a secret position of a tree: it is added everywhere, masked to zero elsewhere.</summary>
internal struct MaskedCorrection
{
    private readonly ulong _position;
    private BlockGroup _lanes;

    public MaskedCorrection(ulong position, Block value)
    {
        _position = position;
        Value = value;
        for (int lane = 0; lane < Aes128.Lanes; lane++)
            _lanes[lane] = value & Block.Mask(Equal(position % Aes128.Lanes, (ulong)lane));
    }

    public Block Value { get; }

    /// <summary>The same with bit 0 of the block set.</summary>
    public readonly MaskedCorrection WithChoice() => new(_position, SilentOt.ClearChoice(Value) ^ new Block(1, 0));

    /// <summary>All ones where the position is one of the eight from <paramref name="start"/>, a multiple of eight, on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<ulong> GroupMask(int start) =>
        Vector256.Equals(Vector256.Create(_position / Aes128.Lanes), Vector256.Create((ulong)start / Aes128.Lanes));

    /// <summary>What to add to nodes 2·pair and 2·pair + 1 of the position's group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<ulong> Pair(int pair) => BlockGroup.LoadPair(in _lanes[0], pair);

    // 1 where equal, else 0; positions are far below 2^63.
    private static ulong Equal(ulong left, ulong right) => ((left ^ right) - 1) >> 63;
}
