using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Correlated transfers, hashed to bits or words of 64 at a time. The hash and its bounds are those of
/// <see cref="ObliviousTransfer.TransferHash"/>; its tweaks come from the session's count. Both parties make the
/// same calls in the same order.
/// </summary>
internal sealed class TransferPads
{
    private const ulong LowBits = 0x0101_0101_0101_0101;
    private const ulong Gather = 0x0102_0408_1020_4080;

    private readonly TweakableHash _hash;
    private readonly Block[] _zero = new Block[TweakableHash.Lanes];
    private readonly Block[] _one = new Block[TweakableHash.Lanes];

    /// <param name="session">Gives the tweaks.</param>
    /// <param name="transfers">How many will be hashed, a multiple of 64.</param>
    public TransferPads(GarblingSession session, long transfers)
        => _hash = new TweakableHash(session.StartPoint, session.Reserve((ulong)(transfers / TweakableHash.Lanes)));

    /// <summary>Bits of the two messages of 64 transfers: plane by plane that of zero, and zero ⊕ one.</summary>
    public void Offer(Block delta, ReadOnlySpan<Block> correlations, Span<ulong> zero, Span<ulong> difference)
    {
        zero.Clear();
        difference.Clear();
        for (int start = 0; start < BitPlanes.Lanes; start += TweakableHash.Lanes)
        {
            HashBoth(delta, correlations.Slice(start, TweakableHash.Lanes));
            ulong bitsOfZero = LowBytes(_zero), bitsOfDifference = bitsOfZero ^ LowBytes(_one);
            for (int plane = 0; plane < zero.Length; plane++)
            {
                zero[plane] |= Column(bitsOfZero, plane) << start;
                difference[plane] |= Column(bitsOfDifference, plane) << start;
            }
        }
    }

    /// <summary>Bits of the chosen messages of 64 transfers.</summary>
    /// <returns>The choices.</returns>
    public ulong Choose(ReadOnlySpan<Block> correlations, Span<ulong> chosen)
    {
        chosen.Clear();
        ulong choices = 0;
        for (int start = 0; start < BitPlanes.Lanes; start += TweakableHash.Lanes)
        {
            ReadOnlySpan<Block> group = correlations.Slice(start, TweakableHash.Lanes);
            TweakableHash.Hash(in _hash.NextKey(), group, default, _zero);
            ulong bits = LowBytes(_zero);
            for (int plane = 0; plane < chosen.Length; plane++)
                chosen[plane] |= Column(bits, plane) << start;
            choices |= Column(LowBytes(group), 0) << start;
        }

        return choices;
    }

    /// <summary>Words of the two messages of 64 transfers: that of zero, and one − zero.</summary>
    public void OfferWords(Block delta, ReadOnlySpan<Block> correlations, Span<ulong> zero, Span<ulong> difference)
    {
        for (int start = 0; start < BitPlanes.Lanes; start += TweakableHash.Lanes)
        {
            HashBoth(delta, correlations.Slice(start, TweakableHash.Lanes));
            for (int lane = 0; lane < TweakableHash.Lanes; lane++)
            {
                zero[start + lane] = _zero[lane].Low;
                difference[start + lane] = _one[lane].Low - _zero[lane].Low;
            }
        }
    }

    /// <summary>Words of the chosen messages of 64 transfers.</summary>
    /// <returns>The choices.</returns>
    public ulong ChooseWords(ReadOnlySpan<Block> correlations, Span<ulong> chosen)
    {
        ulong choices = 0;
        for (int start = 0; start < BitPlanes.Lanes; start += TweakableHash.Lanes)
        {
            ReadOnlySpan<Block> group = correlations.Slice(start, TweakableHash.Lanes);
            TweakableHash.Hash(in _hash.NextKey(), group, default, _zero);
            for (int lane = 0; lane < TweakableHash.Lanes; lane++)
                chosen[start + lane] = _zero[lane].Low;
            choices |= Column(LowBytes(group), 0) << start;
        }

        return choices;
    }

    private void HashBoth(Block delta, ReadOnlySpan<Block> correlations)
    {
        ref readonly AesKey key = ref _hash.NextKey();
        TweakableHash.Hash(in key, correlations, default, _zero);
        TweakableHash.Hash(in key, correlations, delta, _one);
    }

    private static ulong LowBytes(ReadOnlySpan<Block> blocks)
    {
        ulong bytes = 0;
        for (int lane = 0; lane < TweakableHash.Lanes; lane++)
            bytes |= (blocks[lane].Low & 0xFF) << (8 * lane);
        return bytes;
    }

    // Bit `plane` of each byte, next to each other: byte k's travels to bit 56 + k, and no two meet elsewhere.
    private static ulong Column(ulong bytes, int plane) => (((bytes >> plane) & LowBits) * Gather) >> 56;
}
