using System.Numerics;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Homomorphic;

public sealed class NoiseBudgetTests
{
    private static readonly ConvolutionGeometry Layer = new()
    {
        InputChannels = 4, InputHeight = 10, InputWidth = 10, OutputChannels = 6,
        KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1,
    };

    // Random words that drive every sample to an extreme at once. The sampler reads a binomial error as the bits 0-20 minus
    // the bits 21-41, a ternary element from the top bits, and flood digits from the bits 0-35.
    public static TheoryData<ulong> ExtremeWords => new()
    {
        0xFFFF_FC00_001F_FFFF, // errors +21, ternary +1
        0x0000_03FF_FFE0_0000, // errors −21, ternary −1
        0xFFFF_FC0F_FFFF_FFFF, // flood at its maximum
        0xFFFF_FFF0_0000_0000, // flood at its minimum
        0x0000_0000_0000_0000,
        0xFFFF_FFFF_FFFF_FFFF,
    };

    [Theory]
    [InlineData(1, 37, 14)]
    [InlineData(64, 37, 16)]
    [InlineData(512, 64, 20)]
    [InlineData(10, 20, 0)]
    public void Chosen_settings_hide_the_noise_of_the_packing_that_they_lead_to(int outputChannels, int ringBits, int normBits)
    {
        var geometry = Layer with { OutputChannels = outputChannels };
        var settings = NoiseBudget.Choose(geometry, ringBits, normBits);
        var packing = ConvolutionPacking.For(geometry, settings, ringBits);
        var variance = (10.75 * packing.Tiling.OutputChannels * Math.Pow(4, normBits)) + (10.5 * 2 * settings.Degree);
        var distance = geometry.OutputCount * (Math.Sqrt(variance) + 0.5) / Math.Pow(2, settings.FloodBits + 1);
        Assert.True(distance <= Math.Pow(2, -40));
        Assert.True(settings.FloodBits == NoiseBudget.RequiredFloodBits(geometry, settings.Degree, normBits, packing.Tiling.OutputChannels));
    }

    [Theory]
    [InlineData(37, 10)]
    [InlineData(50, 16)]
    [InlineData(64, 30)]
    public void Chosen_settings_leave_room_for_every_error(int ringBits, int normBits)
    {
        var settings = NoiseBudget.Choose(Layer, ringBits, normBits);
        var precision = NoiseBudget.Precision(Layer, settings, ringBits)!.Value;
        var q = NttPrimes.All[..settings.PrimeCount].ToArray().Aggregate(1.0, (product, prime) => product * prime);
        var tail = Math.Sqrt(2 * Math.Log(Layer.OutputCount * Math.Pow(2, 42)));
        var error = Math.Pow(2, settings.FloodBits)
            + (tail * NoiseBudget.Deviation(settings.Degree, normBits, Layer.OutputChannels)) + 0.5
            + (q * Math.Pow(2, -precision.BodyBits - 1))
            + (tail * Math.Sqrt(settings.Degree) * q * Math.Pow(2, -precision.UniformBits - 1));
        Assert.True(error < q / Math.Pow(2, ringBits + 1));
        Assert.InRange(precision.UniformBits, ringBits, ringBits + 16);
        Assert.InRange(precision.BodyBits, ringBits, ringBits + 8);
    }

    [Fact]
    public void Loading_refuses_settings_one_notch_beyond_the_budget()
    {
        var settings = NoiseBudget.Choose(Layer, 37, 12);
        NoiseBudget.Require(Layer, settings, 37);
        var least = NoiseBudget.RequiredFloodBits(Layer, settings.Degree, 12, 1);
        AssertRefused(settings with { FloodBits = least - 1 }, 37);
        NoiseBudget.Require(Layer, settings with { FloodBits = 69 }, 37);
        AssertRefused(settings with { FloodBits = 70 }, 37); // q/2t is just below 2^70
        AssertRefused(settings with { FloodBits = 69 }, 38);
        AssertRefused(settings with { FloodBits = int.MaxValue }, 37);
        AssertRefused(settings with { WeightNormBits = 30 }, 37);
        AssertRefused(settings with { WeightNormBits = -1 }, 37);
        AssertRefused(settings with { WeightNormBits = int.MaxValue }, 37);
        AssertRefused(settings with { PrimeCount = 4 }, 37);
        AssertRefused(settings with { Degree = 2048 }, 37);
        AssertRefused(settings, 65);
        AssertRefused(settings, 0);
    }

    [Fact]
    public void A_layer_without_room_is_refused_with_the_bits_it_needs_and_advice()
    {
        var error = Assert.Throws<NoiseBudgetException>(() => NoiseBudget.Choose(Layer, 64, 120));
        Assert.Contains("needs a ciphertext modulus of", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller weight scale", error.Message, StringComparison.Ordinal);
        var huge = new ConvolutionGeometry { InputChannels = 1, OutputChannels = 1, InputHeight = 100, InputWidth = 100, KernelHeight = 95, KernelWidth = 95 };
        error = Assert.Throws<NoiseBudgetException>(() => NoiseBudget.Choose(huge, 37, 10));
        Assert.Contains("kernel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Larger_kernels_than_the_small_ring_use_the_large_one()
    {
        var geometry = Layer with { InputHeight = 80, InputWidth = 80, KernelHeight = 70, KernelWidth = 70 };
        Assert.Equal(8192, NoiseBudget.Choose(geometry, 37, 10).Degree);
    }

    [Fact]
    public void Weights_beyond_the_norm_are_refused_and_weights_at_the_norm_are_not()
    {
        var settings = LinearLayerTests.Settings(Layer, 4096, 3, 10);
        var packing = ConvolutionPacking.For(Layer, settings, 37);
        var weights = new long[Layer.WeightCount];
        weights[^1] = -1024;
        Assert.Same(packing, new PreparedWeights(packing, weights).Packing);
        weights[^2] = 1;
        Assert.Throws<PlanFormatException>(() => new PreparedWeights(packing, weights));
        weights[^2] = 0;
        weights[^1] = long.MinValue;
        Assert.Throws<PlanFormatException>(() => new PreparedWeights(packing, weights));
    }

    [Theory]
    [MemberData(nameof(ExtremeWords))]
    public void The_tightest_settings_decrypt_the_worst_case(ulong word)
    {
        // The largest ring that the budget lets through, weights at the norm, mask elements at the maximum.
        const int NormBits = 12;
        var settings = LinearLayerTests.Settings(Layer, 4096, 3, NormBits);
        var ringBits = Enumerable.Range(20, 45).Last(bits => NoiseBudget.Precision(Layer, settings, bits) is not null);
        var packing = ConvolutionPacking.For(Layer, settings, ringBits);
        foreach (var weights in (long[][])[Spikes(1L << NormBits), Flat((1L << NormBits) / 6), Flat(-(1L << NormBits) / 6)])
            Assert.Equal(0, CountErrors(packing, weights, new ConstantSource(word)));
    }

    [Fact]
    public void One_more_bit_of_flood_than_the_budget_allows_would_decrypt_wrongly()
    {
        var allowed = LinearLayerTests.Settings(Layer, 4096, 3, 12) with { FloodBits = 69 };
        var precision = NoiseBudget.Precision(Layer, allowed, 37)!.Value;
        var beyond = allowed with { FloodBits = 70 };
        Assert.Null(NoiseBudget.Precision(Layer, beyond, 37));
        var maximum = new ConstantSource(0xFFFF_FC0F_FFFF_FFFF);
        Assert.Equal(0, CountErrors(new ConvolutionPacking(Layer, allowed, 37, precision), Flat(600), maximum));
        Assert.NotEqual(0, CountErrors(new ConvolutionPacking(Layer, beyond, 37, precision), Flat(600), maximum));
    }

    [Fact]
    public void Measured_product_noise_has_the_derived_deviation()
    {
        // No flood, and hardly any compression, so that the product's noise shows.
        const int NormBits = 30;
        var geometry = Layer with { OutputChannels = 8 };
        var settings = LinearLayerTests.Settings(geometry, 4096, 3, NormBits) with { FloodBits = 0 };
        var packing = new ConvolutionPacking(geometry, settings, 37, new ResponsePrecision(84, 84));

        // Flat weights correlate the outputs of one run, so it takes many runs to know the deviation.
        double[] noise = [.. Enumerable.Range(0, 100).SelectMany(_ => MeasureNoise(packing, Flat(geometry, (1L << NormBits) / 6)))];
        var deviation = NoiseBudget.Deviation(4096, NormBits, packing.Tiling.OutputChannels);
        var measured = Math.Sqrt(noise.Average(value => value * value));
        Assert.InRange(measured / deviation, 0.5, 1.2);
        Assert.All(noise, value => Assert.InRange(Math.Abs(value), 0, NoiseBudget.TailFactor(geometry) * deviation));
    }

    [Fact]
    public void Measured_total_noise_is_the_flood_within_the_bound()
    {
        var settings = NoiseBudget.Choose(Layer, 37, 12);
        var fine = new ResponsePrecision(84, 84);
        var packing = new ConvolutionPacking(Layer, settings, 37, fine);
        var noise = MeasureNoise(packing, Flat(600));
        var flood = Math.Pow(2, settings.FloodBits);
        Assert.InRange(noise.Max(Math.Abs), 0.9 * flood, 1.0001 * flood);
        Assert.InRange(Math.Sqrt(noise.Average(value => value * value)) / flood, 0.5, 0.65); // 1/√3 when uniform
        Assert.True(flood < Math.Pow(2, 70));
    }

    private static int CountErrors(ConvolutionPacking packing, long[] weights, IRandomSource random)
    {
        var (keys, publicKey) = LayerHarness.NewKeys(packing.Parameters, random);
        var top = LayerHarness.Mask(packing.RingBits);
        ulong[] mask = [.. Enumerable.Repeat(top, packing.Geometry.InputCount)];
        ulong[] serverMask = [.. Enumerable.Repeat(top, packing.Geometry.OutputCount)];
        var client = new LinearLayerClient(keys, packing);
        using var request = new MemoryPipe();
        client.EncryptMask(mask, request, random);
        var response = LayerHarness.Answer(new LinearLayerServer(new PreparedWeights(packing, weights)), publicKey, request, serverMask, random);
        var share = new ulong[serverMask.Length];
        client.DecryptShare(MemoryPipe.Of(response), share);
        return LayerHarness.Expected(packing.Geometry, packing.RingBits, weights, mask, serverMask).Zip(share).Count(pair => pair.First != pair.Second);
    }

    private static double[] MeasureNoise(ConvolutionPacking packing, long[] weights)
    {
        var (keys, publicKey) = LayerHarness.KeysOf(packing.Parameters);
        var mask = LayerHarness.RandomRing(packing.Geometry.InputCount, packing.RingBits);
        var serverMask = LayerHarness.RandomRing(packing.Geometry.OutputCount, packing.RingBits);
        var client = new LinearLayerClient(keys, packing);
        using var request = new MemoryPipe();
        client.EncryptMask(mask, request, SystemRandomSource.Instance);
        var response = LayerHarness.Answer(
            new LinearLayerServer(new PreparedWeights(packing, weights)), publicKey, request, serverMask, SystemRandomSource.Instance);
        var fractions = new UInt128[serverMask.Length];
        client.DecryptFractions(MemoryPipe.Of(response), fractions);
        var q = NttPrimes.All[..packing.Parameters.PrimeCount].ToArray().Aggregate(1.0, (product, prime) => product * prime);
        var expected = LayerHarness.Expected(packing.Geometry, packing.RingBits, weights, mask, serverMask);
        return [.. fractions.Zip(expected).Select(pair =>
            (double)(BigInteger)(Int128)(pair.First - ((UInt128)pair.Second << (128 - packing.RingBits))) / Math.Pow(2, 128) * q)];
    }

    private static long[] Spikes(long weight) =>
        [.. Enumerable.Range(0, Layer.WeightCount).Select(i => i % Layer.Taps == i / Layer.Taps ? weight : 0)];

    private static long[] Flat(long weight) => Flat(Layer, weight);

    private static long[] Flat(ConvolutionGeometry geometry, long weight) => [.. Enumerable.Repeat(weight, geometry.WeightCount)];

    private static void AssertRefused(RlweSettings settings, int ringBits) =>
        Assert.Throws<PlanFormatException>(() => ConvolutionPacking.For(Layer, settings, ringBits));
}
