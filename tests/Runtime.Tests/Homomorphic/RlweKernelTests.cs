using System.Numerics;
using System.Security.Cryptography;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Homomorphic;

public sealed class RlweKernelTests
{
    [Fact]
    public void Binomial_errors_have_mean_0_and_variance_eta_over_2()
    {
        var samples = new double[100_000];
        new RlweSampler(SystemRandomSource.Instance).CenteredBinomial(samples);
        Assert.All(samples, sample => Assert.InRange(sample, -21, 21));
        Assert.InRange(samples.Average(), -0.07, 0.07);
        Assert.InRange(samples.Average(sample => sample * sample), 10.2, 10.8);
    }

    [Fact]
    public void Ternary_elements_are_uniform()
    {
        var samples = new double[90_000];
        new RlweSampler(SystemRandomSource.Instance).Ternary(samples);
        foreach (var value in (double[])[-1, 0, 1])
            Assert.InRange(samples.Count(sample => sample == value), 29_000, 31_000);
    }

    [Fact]
    public void Uniform_residues_lie_below_the_prime_and_fill_the_range()
    {
        var samples = new double[20_000];
        new RlweSampler(SystemRandomSource.Instance).Uniform(samples, NttPrimes.All[5]);
        Assert.All(samples, sample => Assert.InRange(sample, 0, NttPrimes.All[5] - 1.0));
        Assert.InRange(samples.Average() / NttPrimes.All[5], 0.48, 0.52);

        // Words whose low 36 bits are not below the prime are skipped.
        Assert.Equal(1, FirstUniform(new CountingSource((1UL << 36) - 1)));
        Assert.Equal(NttPrimes.All[5] - 1.0, FirstUniform(new CountingSource(NttPrimes.All[5] - 1)));
    }

    [Theory]
    [InlineData(4096, 3, 0)]
    [InlineData(4096, 3, 69)]
    [InlineData(8192, 5, 71)]
    [InlineData(8192, 6, 130)]
    public void Flood_noise_is_uniform_in_its_range(int degree, int primeCount, int floodBits)
    {
        var parameters = RlweParameters.Get(degree, primeCount);
        var bound = BigInteger.One << floodBits;
        var samples = Flood(parameters, floodBits, 500, SystemRandomSource.Instance);
        Assert.All(samples, sample => Assert.InRange(sample, -bound, bound - 1));
        Assert.InRange(samples.Count(sample => sample.Sign < 0), 180, 320);
        Assert.Equal(-bound, Flood(parameters, floodBits, 1, new ConstantSource(0))[0]);
        Assert.Equal(bound - 1, Flood(parameters, floodBits, 1, new ConstantSource(ulong.MaxValue))[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(37)]
    [InlineData(63)]
    [InlineData(64)]
    public void Messages_are_scaled_exactly(int ringBits)
    {
        foreach (var (degree, primeCount) in RlweParameters.Supported)
        {
            var parameters = RlweParameters.Get(degree, primeCount);
            var encoder = new PlaintextEncoder(parameters, ringBits);
            var q = Product(parameters);
            var top = LayerHarness.Mask(ringBits);
            ulong[] messages = [0, 1 & top, top, top - (top / 3), .. LayerHarness.RandomRing(20, ringBits)];
            ulong[] dithers = [0, top, encoder.Half, .. LayerHarness.RandomRing(3, ringBits)];
            foreach (var message in messages)
            {
                foreach (var dither in dithers)
                {
                    var expected = ((q * message) + dither) >> ringBits;
                    encoder.Encode(message, dither, out var high, out var low);
                    for (var i = 0; i < primeCount; i++)
                    {
                        double[] residue = [0];
                        encoder.AddTo(residue, [high], [low], i);
                        var modulus = parameters.Tables[i].Modulus;
                        Assert.Equal(expected % modulus.Prime, new BigInteger(modulus.Canonical(residue[0])));
                    }
                }
            }
        }
    }

    [Fact]
    public void Compression_rounds_to_the_nearest_multiple_and_wraps()
    {
        foreach (var (degree, primeCount) in RlweParameters.Supported)
        {
            var parameters = RlweParameters.Get(degree, primeCount);
            var q = Product(parameters);
            BigInteger[] values = [0, 1, q - 1, q / 2, .. Enumerable.Range(0, 40).Select(_ => RandomBelow(q))];
            foreach (var bits in (int[])[1, 31, 47, 64])
            {
                var residues = new double[values.Length * primeCount];
                for (var i = 0; i < residues.Length; i++)
                    residues[i] = (double)(values[i % values.Length] % NttPrimes.All[i / values.Length]);
                var packed = new byte[((values.Length * bits) + 7) / 8];
                var writer = new BitWriter(packed);
                new FractionWriter(parameters).Write(residues, values.Length, bits, ref writer);
                writer.Flush();
                var reader = new BitReader(packed);
                foreach (var value in values)
                {
                    var expected = (((value << (bits + 1)) + q) / (2 * q)) % (BigInteger.One << bits);
                    Assert.Equal(expected, (BigInteger)reader.ReadWide(bits));
                }
            }
        }
    }

    [Fact]
    public void Packed_bits_come_back_for_every_width()
    {
        for (var bits = 1; bits <= 128; bits++)
        {
            var values = new UInt128[13];
            for (var i = 0; i < values.Length; i++)
                values[i] = new UInt128(LayerHarness.RandomRing(1, 64)[0], LayerHarness.RandomRing(1, 64)[0]) >> (128 - bits);
            var packed = new byte[((values.Length * bits) + 7) / 8];
            var writer = new BitWriter(packed);
            foreach (var value in values)
                writer.Write(value, bits);
            writer.Flush();
            var reader = new BitReader(packed);
            foreach (var value in values)
                Assert.Equal(value, reader.ReadWide(bits));
        }
    }

    [Fact]
    public void Unsupported_parameter_sets_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RlweParameters.Get(4096, 4));
        Assert.Throws<ArgumentException>(() => RlweParameters.Get(2048, 1));
        Assert.All(RlweParameters.Supported, set => Assert.True(set.PrimeCount * 36 <= (set.Degree == 4096 ? 109 : 218)));
    }

    private static double FirstUniform(IRandomSource source)
    {
        var samples = new double[1];
        new RlweSampler(source).Uniform(samples, NttPrimes.All[5]);
        return samples[0];
    }

    private static BigInteger[] Flood(RlweParameters parameters, int floodBits, int count, IRandomSource random)
    {
        var residues = new double[count * parameters.PrimeCount];
        new FloodNoise(parameters, floodBits).AddTo(residues, count, new RlweSampler(random));
        var q = Product(parameters);
        return [.. Enumerable.Range(0, count).Select(j =>
        {
            BigInteger value = 0;
            for (var i = 0; i < parameters.PrimeCount; i++)
            {
                var modulus = parameters.Tables[i].Modulus;
                var cofactor = q / modulus.Prime;
                var inverse = modulus.Invert((ulong)(cofactor % modulus.Prime));
                value += new BigInteger(modulus.Canonical(residues[(i * count) + j])) * cofactor * inverse;
            }

            value %= q;
            return value > q / 2 ? value - q : value;
        })];
    }

    private static BigInteger Product(RlweParameters parameters) =>
        parameters.Tables.Aggregate(BigInteger.One, (product, table) => product * table.Modulus.Prime);

    private static BigInteger RandomBelow(BigInteger bound) =>
        new BigInteger(RandomNumberGenerator.GetBytes(32), isUnsigned: true) % bound;

    /// <summary>Gives one word first and small words after it.</summary>
    private sealed class CountingSource(ulong first) : IRandomSource
    {
        private ulong _next = first;

        public void Fill(Span<byte> destination)
        {
            for (var offset = 0; offset < destination.Length; offset += 8)
            {
                BitConverter.TryWriteBytes(destination[offset..], _next);
                _next = 1;
            }
        }
    }
}
