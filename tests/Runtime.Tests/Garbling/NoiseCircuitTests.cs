using System.Numerics;
using PrivateInference.Runtime.Garbling;

namespace PrivateInference.Runtime.Tests.Garbling;

public sealed class NoiseCircuitTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(4, 12)]
    [InlineData(8, 51)]
    [InlineData(8, 128)]
    [InlineData(10, 1023)]
    public void As_many_words_as_the_threshold_says_give_one(int bits, int threshold)
    {
        Circuit circuit = NoiseCircuit.Create(bits, threshold);
        Assert.Equal((bits - 1 - BitOperations.TrailingZeroCount(threshold), 0, bits), (circuit.AndGates, circuit.GarblerInputs, circuit.EvaluatorInputs));
        for (int word = 0; word < 1 << bits; word++)
            Assert.Equal([word < threshold], circuit.Evaluate([], [.. Enumerable.Range(0, bits).Select(i => ((word >> i) & 1) == 1)]));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(31, 1)]
    [InlineData(4, 0)]
    [InlineData(4, 16)]
    public void A_probability_that_words_of_the_width_cannot_have_is_refused(int bits, int threshold)
        => Assert.Throws<ArgumentOutOfRangeException>(() => NoiseCircuit.Create(bits, threshold));
}
