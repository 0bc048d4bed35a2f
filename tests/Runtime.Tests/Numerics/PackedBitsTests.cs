using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class PackedBitsTests
{
    [Fact]
    public void Unpacking_inverts_packing_at_every_width()
    {
        AesCtrGenerator generator = SecureRandom.CreateGenerator();
        for (int bits = 1; bits <= 64; bits++)
        {
            ulong[] words = new ulong[37];
            generator.FillRing(words, bits);
            byte[] packed = PackedBits.Pack(words, bits);
            Assert.Equal(((37 * bits) + 7) / 8, packed.Length);
            ulong[] unpacked = new ulong[37];
            PackedBits.Unpack(packed, bits, unpacked);
            Assert.Equal(words, unpacked);
        }
    }

    [Fact]
    public void Words_follow_each_other_lowest_bit_first_and_lose_their_high_bits() =>
        Assert.Equal([0b01_011_101, 0b1], PackedBits.Pack([0b1101, 0b0011, 0b0101], 3));

    [Fact]
    public void A_wrong_number_of_bytes_is_refused() =>
        Assert.Throws<ArgumentException>(() => PackedBits.Unpack(new byte[3], 8, new ulong[2]));
}
