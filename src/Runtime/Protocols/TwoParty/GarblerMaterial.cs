using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>What the server keeps of one garbled step: the seed of its own input labels, and how to read output colours.</summary>
internal sealed record GarblerMaterial(Block LabelSeed, byte[] PermuteBits);
