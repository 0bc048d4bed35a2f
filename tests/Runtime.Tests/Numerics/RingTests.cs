using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class RingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    [InlineData(63)]
    [InlineData(64)]
    public void Signed_numbers_survive_the_ring(int bits)
    {
        Ring ring = new(bits);
        long half = bits == 1 ? 1 : 1L << (bits - 2);
        foreach (long value in new[] { 0, -1, half - 1, -half })
            Assert.Equal(value, ring.ToSigned(ring.FromSigned(value)));
    }

    [Fact]
    public void Signed_reading_takes_the_low_bits_only()
    {
        Assert.Equal(-8, Ring.ToSigned(0xF8, 4));
        Assert.Equal(7, Ring.ToSigned(0xF7, 4));
        Assert.Equal(-1, Ring.ToSigned(ulong.MaxValue, 64));
    }

    [Fact]
    public void Sums_wrap_modulo_the_ring()
    {
        Ring ring = new(5);
        ulong[] result = new ulong[2];
        ring.AddShifted([31, 3], 0, [1, 15], 1, result);
        Assert.Equal([1UL, 1UL], result);
        ring.SubtractShifted([0, 1], 2, [1, 3], 0, result);
        Assert.Equal([31UL, 1UL], result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_ring_has_1_to_64_bits(int bits)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Ring(bits));
}
