using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class CorrelatedTreeTests
{
    private readonly AesKey _key = AesKey.Expand(SecureRandom.NextBlock());
    private readonly Block _root = SecureRandom.NextBlock();
    private readonly Block _delta = CorrelatedOtSender.CreateDelta();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    public void Every_missing_leaf_of_a_tree_and_only_it_is_off_by_delta(int depth)
    {
        Block[] leaves = new Block[1 << depth], sums = new Block[depth];
        CorrelatedTree.Expand(in _key, _root, _delta, leaves, sums);
        Assert.Equal(leaves.Length, leaves.Select(OtParties.Words).Distinct().Count());

        int step = depth > 6 ? 127 : 1;
        for (int missing = 0; missing < leaves.Length; missing += step)
        {
            Block[] punctured = Punctured(depth, missing, sums);
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                Block expected = leaf == missing ? leaves[leaf] ^ _delta : leaves[leaf];
                Assert.Equal(OtParties.Words(expected), OtParties.Words(punctured[leaf]));
            }
        }
    }

    [Fact]
    public void Nodes_of_the_last_level_add_up_to_delta_but_for_their_choice_bits()
    {
        Block[] leaves = new Block[256];
        CorrelatedTree.Expand(in _key, _root, _delta, leaves, new Block[8]);
        Block sum = leaves.Aggregate(default(Block), (a, b) => a ^ b);
        Assert.Equal(OtParties.Words(SilentOt.ClearChoice(_delta)), OtParties.Words(sum));
    }

    [Fact]
    public void A_wrong_sum_spoils_what_is_below_it_and_nothing_else()
    {
        Block[] leaves = new Block[16], sums = new Block[4];
        CorrelatedTree.Expand(in _key, _root, _delta, leaves, sums);
        sums[1] ^= new Block(0, 1);
        Block[] punctured = Punctured(4, missing: 0, sums);
        Assert.All(Enumerable.Range(1, 15), i =>
            Assert.Equal(i % 2 == 1, OtParties.Words(leaves[i]) == OtParties.Words(punctured[i])));
    }

    private Block[] Punctured(int depth, int missing, Block[] leftSums)
    {
        var sums = new Block[depth];
        var correlations = new Block[depth];
        for (int level = 0; level < depth; level++)
        {
            ulong side = (ulong)(~missing >> level) & 1;
            correlations[level] = new Block(side, 0);
            sums[level] = leftSums[level] ^ (_delta & Block.Mask(side));
        }

        Block[] leaves = new Block[1 << depth];
        CorrelatedTree.Reconstruct(in _key, sums, correlations, leaves);
        return leaves;
    }
}
