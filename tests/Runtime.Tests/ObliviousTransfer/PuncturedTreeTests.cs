using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class PuncturedTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_receiver_gets_every_leaf_but_that_of_its_choices(int depth)
    {
        for (uint choices = 0; choices < 1 << depth; choices++)
        {
            (Block[] leaves, Block[] received) = Transfer(depth, choices);
            for (uint leaf = 0; leaf < leaves.Length; leaf++)
            {
                if (leaf != choices)
                    Assert.Equal(OtParties.Words(leaves[leaf]), OtParties.Words(received[leaf ^ choices]));
            }

            Assert.DoesNotContain(OtParties.Words(leaves[choices]), received.Select(OtParties.Words));
        }
    }

    [Fact]
    public void All_leaves_differ()
    {
        (Block[] leaves, _) = Transfer(8, 0b1010_0110);
        Assert.Equal(256, leaves.Select(OtParties.Words).Distinct().Count());
    }

    private static (Block[] Leaves, Block[] Received) Transfer(int depth, uint choices)
    {
        AesCtrGenerator generator = SecureRandom.CreateGenerator();
        Block[] zero = new Block[depth], one = new Block[depth];
        generator.Fill(zero);
        generator.Fill(one);
        Block[] leaves = new Block[1 << depth], received = new Block[1 << depth], corrections = new Block[PuncturedTree.Corrections(depth)];
        PuncturedTree.Expand(zero, one, leaves, corrections);
        Block[] keys = [.. zero.Select((key, i) => ((choices >> i) & 1) == 0 ? key : one[i])];
        PuncturedTree.Reconstruct(keys, choices, corrections, received);
        return (leaves, received);
    }
}
