using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>Fresh correlations for consecutive words of a step's instances, [transfer][instance].</summary>
internal readonly ref struct TransferBatch(ReadOnlySpan<Block> correlations, int firstWord, int words)
{
    private readonly ReadOnlySpan<Block> _correlations = correlations;

    /// <summary>The first of the words.</summary>
    public int First { get; } = firstWord;

    /// <summary>One after the last.</summary>
    public int End { get; } = firstWord + words;

    /// <summary>The correlations of 64 instances for one transfer of each.</summary>
    public ReadOnlySpan<Block> Of(int transfer, int word)
        => _correlations.Slice(((transfer * (End - First)) + word - First) * BitPlanes.Lanes, BitPlanes.Lanes);
}
