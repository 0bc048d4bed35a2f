using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>A block to add at a secret position of a tree: it is added everywhere, masked to zero elsewhere.</summary>
internal readonly struct MaskedCorrection(ulong position, Block value)
{
    private readonly Vector128<ulong> _position = Vector128.Create(position);

    public Block Value { get; } = value;

    /// <summary>The same with bit 0 of the block set.</summary>
    public MaskedCorrection WithChoice() => new(_position.ToScalar(), SilentOt.ClearChoice(Value) ^ new Block(1, 0));

    /// <summary>Adds the block to the node of the position, if it is among <paramref name="nodes"/>.</summary>
    public void Apply(Span<Block> nodes, int firstPosition)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            Vector128<ulong> mask = Vector128.Equals(_position, Vector128.Create((ulong)(firstPosition + i)));
            nodes[i] ^= Value & new Block(mask.AsByte());
        }
    }
}
