using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Garbling;

public sealed class SignCircuitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(37)]
    [InlineData(64)]
    public void It_decides_the_sign_of_a_shared_word_with_one_AND_a_carry(int bits)
    {
        Circuit circuit = SignCircuit.Create(bits);
        Assert.Equal((bits - 1, 1), (circuit.AndGates, circuit.Outputs.Length));
        Random random = new(bits);
        Ring ring = new(bits);
        ulong[] edges = [0, 1, ring.Mask, 1UL << (bits - 1), (1UL << (bits - 1)) - 1];
        for (int trial = 0; trial < 200; trial++)
        {
            ulong x = trial < edges.Length ? edges[trial] : (ulong)random.NextInt64() & ring.Mask, a = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & ring.Mask;
            bool[] output = circuit.Evaluate(Bits(a, bits), Bits(x - a, bits));
            Assert.Equal([ring.ToSigned(x) >= 0], output);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_width_outside_a_word_is_refused(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => SignCircuit.Create(bits));

    private static bool[] Bits(ulong word, int bits) => [.. Enumerable.Range(0, bits).Select(i => ((word >> i) & 1) == 1)];
}
