using System.Collections.Immutable;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// One party's shares of the random products that merges use up (Beaver 1991): X, Y, Z, X·Y and X·Z of bits. They need no
/// communication beyond random transfers: this party's X is its choice in one transfer and its Y and Z are the differences
/// of the messages in one the other way, so that all crossed products are transferred (Asharov, Lindell, Schneider and
/// Zohner, "More efficient oblivious transfer", CCS 2013, section 5.1; there with one product a factor).
/// </summary>
internal sealed class MergeTriples
{
    private const int MostProducts = 2;

    private readonly ImmutableArray<CarryMerge> _merges;
    private readonly BitPlanes _factors;
    private readonly BitPlanes _others;
    private readonly BitPlanes _products;

    public MergeTriples(ImmutableArray<CarryMerge> merges, int words)
    {
        _merges = merges;
        _factors = new BitPlanes(merges.Length, words);
        _others = new BitPlanes(MostProducts * merges.Length, words);
        _products = new BitPlanes(MostProducts * merges.Length, words);
    }

    /// <summary>X.</summary>
    public ReadOnlySpan<ulong> Factor(int merge) => _factors[merge];

    /// <summary>Y of product 0, Z of product 1.</summary>
    public ReadOnlySpan<ulong> Other(int merge, int product) => _others[(MostProducts * merge) + product];

    /// <summary>X·Y, X·Z.</summary>
    public ReadOnlySpan<ulong> Product(int merge, int product) => _products[(MostProducts * merge) + product];

    /// <summary>Hashes the transfers in which this party chooses, one a merge from <paramref name="firstTransfer"/> on.</summary>
    public void Choose(TransferPads pads, TransferBatch batch, int firstTransfer)
    {
        Span<ulong> buffer = stackalloc ulong[MostProducts];
        for (int merge = 0; merge < _merges.Length; merge++)
        {
            Span<ulong> chosen = buffer[.._merges[merge].Products];
            for (int word = batch.First; word < batch.End; word++)
            {
                _factors[merge][word] = pads.Choose(batch.Of(firstTransfer + merge, word), chosen);
                Add(merge, word, chosen);
            }
        }
    }

    /// <summary>Hashes the transfers that this party offers.</summary>
    public void Offer(TransferPads pads, Block delta, TransferBatch batch, int firstTransfer)
    {
        Span<ulong> zeroBuffer = stackalloc ulong[MostProducts], differenceBuffer = stackalloc ulong[MostProducts];
        for (int merge = 0; merge < _merges.Length; merge++)
        {
            Span<ulong> zero = zeroBuffer[.._merges[merge].Products], difference = differenceBuffer[..zero.Length];
            for (int word = batch.First; word < batch.End; word++)
            {
                pads.Offer(delta, batch.Of(firstTransfer + merge, word), zero, difference);
                Add(merge, word, zero);
                for (int product = 0; product < difference.Length; product++)
                    _others[(MostProducts * merge) + product][word] = difference[product];
            }
        }
    }

    /// <summary>After both: adds the products of what this party holds of both factors.</summary>
    public void Complete()
    {
        for (int merge = 0; merge < _merges.Length; merge++)
        {
            for (int product = 0; product < _merges[merge].Products; product++)
            {
                ReadOnlySpan<ulong> factor = Factor(merge), other = Other(merge, product);
                Span<ulong> sum = _products[(MostProducts * merge) + product];
                for (int word = 0; word < sum.Length; word++)
                    sum[word] ^= factor[word] & other[word];
            }
        }
    }

    public void Keep(MaterialFields fields)
    {
        _factors.Keep(fields);
        _others.Keep(fields);
        _products.Keep(fields);
    }

    public void Clear()
    {
        _factors.Clear();
        _others.Clear();
        _products.Clear();
    }

    private void Add(int merge, int word, ReadOnlySpan<ulong> shares)
    {
        for (int product = 0; product < shares.Length; product++)
            _products[(MostProducts * merge) + product][word] ^= shares[product];
    }
}
