using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Tests.Execution;

public sealed class RandomFlipTests
{
    private static readonly Tensor s_decisions = Tensor.FromFloats(new Shape(20_000), [.. Enumerable.Range(0, 20_000).Select(i => (float)(i % 2))]);

    [Theory]
    [InlineData(0f)]
    [InlineData(0.2f)]
    [InlineData(1f)]
    public void A_seed_turns_the_given_part_of_the_decisions_round(float probability)
    {
        float[] flipped = FloatInterpreter.Evaluate(new RandomFlip(probability, Seed: 3), [s_decisions]).Floats.ToArray();

        Assert.All(flipped, x => Assert.True(x is 0 or 1));
        Assert.Equal(probability, flipped.Where((x, i) => x != i % 2).Count() / 20_000.0, 0.01);
    }

    [Fact]
    public void Without_a_seed_the_decisions_stay()
        => Assert.Same(s_decisions, FloatInterpreter.Evaluate(new RandomFlip(0.2f), [s_decisions]));

    [Fact]
    public void A_probability_outside_of_its_range_is_refused()
        => Assert.Throws<GraphException>(() => FloatInterpreter.Evaluate(new RandomFlip(1.5f), [s_decisions]));
}
