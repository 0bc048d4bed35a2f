using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Single-point correlated OT from a correlated GGM tree: Guo, Yang, Wang, Zhang, Xie, Liu and Zhao, "Half-tree: halving the
/// cost of tree expansion in COT and DPF" (EUROCRYPT 2023, section 4). The children of x are H(x) and x ⊕ H(x), so the
/// nodes of every level add up to Δ, and one hash makes two nodes. For each level the receiver gets the sum of the nodes on
/// one side; that is Δ, or not, off the sum of the other side, so a correlated OT of its own Δ hides which: the sender sends
/// (sum of left nodes) ⊕ K, one block a level. The receiver learns all leaves but one, and that one ⊕ Δ as the sum of all others.
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
        Span<Block> parents = stackalloc Block[Lanes];
        Span<Block> hashes = stackalloc Block[Lanes];
        parents.Clear();
        for (int level = 1, count = 2; level < leftSums.Length; level++, count *= 2)
        {
            Block sum = default;
            for (int start = 0; start < count; start += Lanes)
            {
                Span<Block> left = leaves.Slice(start, Math.Min(Lanes, count - start));
                Span<Block> right = leaves.Slice(start + count, left.Length);
                left.CopyTo(parents);
                TweakableHash.Hash(in key, parents, default, hashes);
                for (int i = 0; i < left.Length; i++)
                {
                    sum ^= hashes[i];
                    left[i] = hashes[i];
                    right[i] = parents[i] ^ hashes[i];
                }
            }

            leftSums[level] = sum;
        }

        foreach (ref Block leaf in leaves)
            leaf = SilentOt.ClearChoice(leaf);
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
        Span<Block> parents = stackalloc Block[Lanes];
        Span<Block> hashes = stackalloc Block[Lanes];
        parents.Clear();
        for (int level = 1, count = 2; level < sums.Length; level++, count *= 2)
        {
            Block leftSum = default;
            for (int start = 0; start < count; start += Lanes)
            {
                Span<Block> left = leaves.Slice(start, Math.Min(Lanes, count - start));
                Span<Block> right = leaves.Slice(start + count, left.Length);
                left.CopyTo(parents);
                correction.Apply(parents, start);
                TweakableHash.Hash(in key, parents, default, hashes);
                for (int i = 0; i < left.Length; i++)
                {
                    leftSum ^= hashes[i];
                    left[i] = hashes[i];
                    right[i] = parents[i] ^ hashes[i];
                }
            }

            // The right nodes add up to the parents' total ⊕ the left nodes' sum; the children to the parents' total.
            side = correlations[level].LeastSignificantBit;
            Block computed = leftSum ^ (Block.Mask(side) & total);
            correction = new MaskedCorrection(missing + (side * (ulong)count), sums[level] ^ computed);
            missing += (side ^ 1) * (ulong)count;
            total ^= correction.Value;
        }

        Finish(leaves, correction, new MaskedCorrection(missing, total));
    }

    private static void Finish(Span<Block> leaves, MaskedCorrection sibling, MaskedCorrection missing)
    {
        missing = missing.WithChoice();
        for (int start = 0; start < leaves.Length; start += Lanes)
        {
            Span<Block> group = leaves.Slice(start, Math.Min(Lanes, leaves.Length - start));
            sibling.Apply(group, start);
            foreach (ref Block leaf in group)
                leaf = SilentOt.ClearChoice(leaf);
            missing.Apply(group, start);
        }
    }
}
