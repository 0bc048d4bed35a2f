using System.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Randomness;

public sealed class AesCtrGeneratorTests
{
    [Fact]
    public void The_counter_mode_vectors_hold() // SP 800-38A, F.5.1
    {
        Block key = Block.Read(Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c"));
        byte[] plain = Convert.FromHexString(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        var generator = new AesCtrGenerator(key, nonce: 0xf0f1f2f3f4f5f6f7, counter: 0xf8f9fafbfcfdfeff);
        byte[] stream = new byte[plain.Length];
        generator.Fill(stream);

        byte[] cipher = [.. plain.Zip(stream, (p, s) => (byte)(p ^ s))];
        Assert.Equal(
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
            + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
            Convert.ToHexStringLower(cipher));
    }

    [Fact]
    public void The_same_seed_and_calls_give_the_same_stream()
    {
        Block seed = SecureRandom.NextBlock();
        Assert.Equal(Read(new AesCtrGenerator(seed)), Read(new AesCtrGenerator(seed)));

        static byte[] Read(AesCtrGenerator generator)
        {
            byte[] bytes = new byte[100];
            generator.Fill(bytes.AsSpan(0, 7));
            generator.Fill(bytes.AsSpan(7, 50));
            generator.Fill(bytes.AsSpan(57));
            return bytes;
        }
    }

    [Fact]
    public void No_part_of_the_stream_repeats()
    {
        AesCtrGenerator generator = SecureRandom.CreateGenerator();
        var seen = new HashSet<(ulong, ulong)>();
        for (int i = 0; i < 500; i++)
        {
            Block block = generator.NextBlock();
            Assert.True(seen.Add((block.Low, block.High)));
        }
    }

    [Fact]
    public void Forks_depend_on_the_seed_and_the_domain_alone()
    {
        Block seed = SecureRandom.NextBlock();
        var moved = new AesCtrGenerator(seed);
        moved.NextBlock();
        Block fork = new AesCtrGenerator(seed).Fork("masks").NextBlock();
        Assert.Equal(fork.Low, moved.Fork("masks").NextBlock().Low);
        Assert.NotEqual(fork.Low, moved.Fork("labels").NextBlock().Low);
        Assert.NotEqual(fork.Low, SecureRandom.CreateGenerator().Fork("masks").NextBlock().Low);
        Assert.NotEqual(fork.Low, new AesCtrGenerator(seed).NextBlock().Low);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(64)]
    public void Ring_elements_fill_the_ring_and_no_more(int ringBits)
    {
        ulong[] words = new ulong[4096];
        SecureRandom.CreateGenerator().FillRing(words, ringBits);
        for (int bit = 0; bit < 64; bit++)
        {
            int ones = words.Count(word => ((word >> bit) & 1) == 1);
            Assert.InRange(ones, bit < ringBits ? 1700 : 0, bit < ringBits ? 2400 : 0); // 10 standard deviations
        }
    }

    [Fact]
    public void A_ring_beyond_a_word_is_refused()
    {
        AesCtrGenerator generator = SecureRandom.CreateGenerator();
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.FillRing(new ulong[1], 65));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.FillRing(new ulong[1], 0));
    }

    [Fact]
    public void Operating_system_blocks_have_balanced_bits()
    {
        int ones = Enumerable.Range(0, 1000).Sum(_ =>
        {
            Block block = SecureRandom.NextBlock();
            return BitOperations.PopCount(block.Low) + BitOperations.PopCount(block.High);
        });
        Assert.InRange(ones, 62_000, 66_000);
    }
}
