using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Single-point correlated OT from a correlated GGM tree: Guo, Yang, Wang, Zhang, Xie, Liu and Zhao, "Half-tree: halving the
/// cost of tree expansion in COT and DPF" (EUROCRYPT 2023; ePrint 2022/1431, figure 3). The children of x are H(x) and
/// x ⊕ H(x), so the nodes of every level add up to Δ, and one hash makes two nodes. The sums of a level's left and of its right
/// nodes therefore differ by Δ, and a correlated OT (K; M = K ⊕ r·Δ) gives the receiver one of them: the sender sends
/// (sum of left nodes) ⊕ K, one block a level, to which the receiver adds M. It learns all leaves but one, and that one ⊕ Δ
/// as the sum of all others.
/// <para>
/// H is the circular-correlation-robust hash of garbling under a key of its own for each tree. A tree puts
/// h − 1 unknown nodes, all of which differ by known offsets from Δ, through it; by Guo et al. (CRYPTO 2020) the advantage of
/// p evaluations of the cipher over all trees is at most about 2·h·p/2^127.
/// </para>
/// <para>
/// Nodes are stored so that the two children of node j among m are j and j + m: a leaf's index has the direction of level i
/// (1 for right) in bit i − 1, and a level is expanded in place.
/// </para>
/// </summary>
internal static class CorrelatedTree
{
    private const int Lanes = TweakableHash.Lanes;

    /// <summary>The sender's side: all leaves, and the sum of the left nodes of each level.</summary>
    /// <param name="key">The tree's hash key.</param>
    /// <param name="root">Fresh and secret.</param>
    /// <param name="delta">Δ.</param>
    /// <param name="leaves">2^h; their bit 0 is cleared.</param>
    /// <param name="leftSums">h.</param>
    public static void Expand(ref readonly AesKey key, Block root, Block delta, Span<Block> leaves, Span<Block> leftSums)
    {
        leaves[0] = root;
        leaves[1] = root ^ delta;
        leftSums[0] = root;
        MaskedCorrection none = default;
        for (int level = 1, count = 2; level < leftSums.Length; level++, count *= 2)
            leftSums[level] = ExpandLevel(in key, leaves, count, in none);
        Finish(leaves, in none, in none);
    }

    /// <summary>
    /// The receiver's side: the sender's leaves, save that the leaf whose path takes the other side than
    /// <paramref name="sums"/> at every level has Δ added. Bit 0 tells that leaf from the others.
    /// </summary>
    /// <param name="key">The tree's hash key.</param>
    /// <param name="sums">For each level the sum of the nodes on the side that bit 0 of <paramref name="correlations"/> names.</param>
    /// <param name="correlations">One a level; bit 0 is 1 where the sum is that of the right nodes.</param>
    /// <param name="leaves">2^h.</param>
    /// <remarks>
    /// The nodes on the missing leaf's path hold arbitrary values. Their expansion is part of the sums computed here,
    /// so known sum ⊕ computed sum is exactly what corrects the sibling of the path's next node; where that is is
    /// secret, so the correction is added everywhere, masked, when the next level reads its nodes.
    /// </remarks>
    public static void Reconstruct(
        ref readonly AesKey key, ReadOnlySpan<Block> sums, ReadOnlySpan<Block> correlations, Span<Block> leaves)
    {
        leaves[..2].Clear();
        ulong side = correlations[0].LeastSignificantBit;
        ulong missing = side ^ 1;
        MaskedCorrection correction = new(side, sums[0]);
        Block total = sums[0];
        for (int level = 1, count = 2; level < sums.Length; level++, count *= 2)
        {
            Block leftSum = ExpandLevel(in key, leaves, count, in correction);

            // The right nodes add up to the parents' total ⊕ the left nodes' sum; the children to the parents' total.
            side = correlations[level].LeastSignificantBit;
            Block computed = leftSum ^ (Block.Mask(side) & total);
            correction = new MaskedCorrection(missing + (side * (ulong)count), sums[level] ^ computed);
            missing += (side ^ 1) * (ulong)count;
            total ^= correction.Value;
        }

        MaskedCorrection last = new MaskedCorrection(missing, total).WithChoice();
        Finish(leaves, in correction, in last);
    }

    // Corrects `count` nodes and makes their children of them: the left ones in their places, the right ones behind them.
    // Returns the sum of the left ones.
    private static Block ExpandLevel(ref readonly AesKey key, Span<Block> nodes, int count, ref readonly MaskedCorrection correction)
    {
        if (count < Lanes)
            return ExpandFew(in key, nodes, count, in correction);

        BlockGroup input = default, output = default;
        Vector256<ulong> sum = default;
        for (int start = 0; start < count; start += Lanes)
        {
            ref Block left = ref nodes.Slice(start, Lanes)[0];
            ref Block right = ref nodes.Slice(start + count, Lanes)[0];
            Vector256<ulong> mask = correction.GroupMask(start);
            for (int pair = 0; pair < BlockGroup.Pairs; pair++)
            {
                Vector256<ulong> parents = BlockGroup.LoadPair(in left, pair) ^ (correction.Pair(pair) & mask);
                BlockGroup.StorePair(parents, ref right, pair);
                BlockGroup.StorePair(TweakableHash.Sigma(parents), ref input[0], pair);
            }

            Aes128.Encrypt8(in key, ref input[0], ref output[0]);
            Vector256<ulong> groupSum = default; // a sum over all groups alone would live in memory, across the call
            for (int pair = 0; pair < BlockGroup.Pairs; pair++)
            {
                Vector256<ulong> hashes = BlockGroup.LoadPair(in output[0], pair) ^ BlockGroup.LoadPair(in input[0], pair);
                groupSum ^= hashes;
                BlockGroup.StorePair(hashes, ref left, pair);
                BlockGroup.StorePair(hashes ^ BlockGroup.LoadPair(in right, pair), ref right, pair);
            }

            sum ^= groupSum;
        }

        return new Block((sum.GetLower() ^ sum.GetUpper()).AsByte());
    }

    private static Block ExpandFew(ref readonly AesKey key, Span<Block> nodes, int count, ref readonly MaskedCorrection correction)
    {
        Span<Block> padded = stackalloc Block[2 * Lanes];
        padded.Clear();
        nodes[..count].CopyTo(padded);
        ExpandLevel(in key, padded, Lanes, in correction);
        padded[..count].CopyTo(nodes);
        padded.Slice(Lanes, count).CopyTo(nodes[count..]);

        Block sum = default;
        foreach (Block left in nodes[..count])
            sum ^= left;
        return sum;
    }

    private static void Finish(Span<Block> leaves, ref readonly MaskedCorrection sibling, ref readonly MaskedCorrection missing)
    {
        Span<Block> padded = stackalloc Block[Lanes];
        padded.Clear();
        if (leaves.Length < Lanes)
        {
            leaves.CopyTo(padded);
            Finish(padded, in sibling, in missing);
            padded[..leaves.Length].CopyTo(leaves);
            return;
        }

        Vector256<ulong> withoutChoice = Vector256.Create(~1UL, ~0UL, ~1UL, ~0UL);
        for (int start = 0; start < leaves.Length; start += Lanes)
        {
            ref Block group = ref leaves.Slice(start, Lanes)[0];
            Vector256<ulong> siblingMask = sibling.GroupMask(start), missingMask = missing.GroupMask(start);
            for (int pair = 0; pair < BlockGroup.Pairs; pair++)
            {
                Vector256<ulong> leaf = BlockGroup.LoadPair(in group, pair) ^ (sibling.Pair(pair) & siblingMask);
                leaf = (leaf & withoutChoice) ^ (missing.Pair(pair) & missingMask);
                BlockGroup.StorePair(leaf, ref group, pair);
            }
        }
    }
}
