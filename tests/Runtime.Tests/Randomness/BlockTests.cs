using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Randomness;

public sealed class BlockTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(6UL)]
    public void Masks_repeat_the_lowest_bit(ulong low)
    {
        ulong expected = (low & 1) == 1 ? ulong.MaxValue : 0;
        Block fromBlock = new Block(low, ~low).MaskOfLeastSignificantBit();
        Block fromBit = Block.Mask(low);
        Assert.Equal((expected, expected), (fromBlock.Low, fromBlock.High));
        Assert.Equal((expected, expected), (fromBit.Low, fromBit.High));
    }

    [Fact]
    public void Bits_are_little_endian_in_bytes()
    {
        byte[] bytes = new byte[Block.Size];
        new Block(1, 1UL << 63).Write(bytes);
        Assert.Equal(1, bytes[0]);
        Assert.Equal(0x80, bytes[15]);
        Assert.Equal(1UL, Block.Read(bytes).LeastSignificantBit);
    }
}
