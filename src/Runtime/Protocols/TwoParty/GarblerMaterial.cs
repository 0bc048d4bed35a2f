using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>What the server keeps of one garbled step: the seed of its own input labels, and how to read output colours.</summary>
internal sealed class GarblerMaterial(Block labelSeed, byte[] permuteBits)
{
    private Block _labelSeed = labelSeed;

    public Block LabelSeed => _labelSeed;

    public byte[] PermuteBits => permuteBits;

    public void Keep(MaterialFields fields)
    {
        fields.Keep(ref _labelSeed);
        fields.Keep(permuteBits);
    }
}
