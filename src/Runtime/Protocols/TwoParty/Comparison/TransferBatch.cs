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

    /// <summary>Copies the correlations of all these words for one transfer to their places among those of all words.</summary>
    public void CopyTo(int transfer, Span<Block> all)
    {
        int count = (End - First) * BitPlanes.Lanes;
        _correlations.Slice(transfer * count, count).CopyTo(all[(First * BitPlanes.Lanes)..]);
    }
}
