using System.Security.Cryptography;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Homomorphic;

public sealed class LinearLayerTests
{
    private static readonly ConvolutionGeometry SmallConvolution = new()
    {
        InputChannels = 3, InputHeight = 8, InputWidth = 8, OutputChannels = 5,
        KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1,
    };

    [Theory]
    [InlineData(20)]
    [InlineData(37)]
    [InlineData(48)]
    [InlineData(64)]
    public void Random_layers_give_the_exact_share(int ringBits)
    {
        for (var i = 0; i < 12; i++)
            AssertExact(RandomGeometry(), ringBits, weightBits: RandomNumberGenerator.GetInt32(2, 14));
    }

    /// <summary>Of several patches at a time, the answer to the first is sent before the last of the request has been read.</summary>
    [Fact]
    public void A_large_layer_is_answered_while_its_request_arrives()
    {
        var geometry = SmallConvolution with { InputHeight = 240, InputWidth = 240 };
        var packing = Packing(geometry, 37, 8, out var weights);
        Assert.True(packing.Patches > 8, $"{packing.Patches} patches");
        var (keys, publicKey) = LayerHarness.KeysOf(packing.Parameters);
        using var request = new MemoryPipe();
        new LinearLayerClient(keys, packing).EncryptMask(new ulong[geometry.InputCount], request, SystemRandomSource.Instance);
        var server = new LinearLayerServer(new PreparedWeights(packing, weights));
        using var response = new MemoryPipe();
        Assert.Throws<PeerProtocolException>(
            () => server.Answer(publicKey, MemoryPipe.Of(request.Sent.AsSpan()[..^1]), new ulong[geometry.OutputCount], SystemRandomSource.Instance, response));
        Assert.NotEmpty(response.Sent);
    }

    [Fact]
    public void Every_ring_size_gives_the_exact_share()
    {
        for (var ringBits = 20; ringBits <= 64; ringBits++)
            AssertExact(SmallConvolution, ringBits, weightBits: 8);
    }

    public static TheoryData<string, ConvolutionGeometry> NamedShapes => new()
    {
        { "fully connected", new() { InputChannels = 500, InputHeight = 1, InputWidth = 1, OutputChannels = 70 } },
        { "matrix times rows", new() { InputChannels = 40, InputHeight = 9, InputWidth = 1, OutputChannels = 12 } },
        { "one by one", new() { InputChannels = 1, InputHeight = 1, InputWidth = 1, OutputChannels = 1 } },
        { "batch", SmallConvolution with { Batch = 3 } },
        { "stride 2", SmallConvolution with { StrideHeight = 2, StrideWidth = 2 } },
        { "stride beyond the kernel", SmallConvolution with { KernelHeight = 1, KernelWidth = 2, StrideHeight = 3, StrideWidth = 4 } },
        { "dilation", SmallConvolution with { DilationHeight = 2, DilationWidth = 3 } },
        { "dilation and stride", SmallConvolution with { DilationHeight = 3, StrideHeight = 2, StrideWidth = 3, DilationWidth = 2 } },
        { "one-sided padding", SmallConvolution with { PadTop = 0, PadLeft = 3, PadRight = 0 } },
        { "groups", SmallConvolution with { InputChannels = 6, OutputChannels = 9, Groups = 3 } },
        { "depthwise", SmallConvolution with { InputChannels = 24, OutputChannels = 24, Groups = 24, InputHeight = 20, InputWidth = 20 } },
        { "depthwise with stride", SmallConvolution with { InputChannels = 24, OutputChannels = 48, Groups = 24, StrideHeight = 2, StrideWidth = 2 } },
        { "one tap", new() { InputChannels = 37, InputHeight = 14, InputWidth = 14, OutputChannels = 21 } },
        { "one tap, block of 28", new() { InputChannels = 11, InputHeight = 28, InputWidth = 28, OutputChannels = 9 } },
        { "one tap on a large image", new() { InputChannels = 3, InputHeight = 55, InputWidth = 55, OutputChannels = 7, Batch = 2 } },
        { "one tap with stride", new() { InputChannels = 6, InputHeight = 29, InputWidth = 28, OutputChannels = 7, StrideHeight = 2, StrideWidth = 2 } },
        { "one tap in groups", new() { InputChannels = 24, InputHeight = 13, InputWidth = 13, OutputChannels = 36, Groups = 3 } },
        { "one tap of padded images", new() { InputChannels = 4, InputHeight = 12, InputWidth = 12, OutputChannels = 5, PadTop = 1, PadLeft = 2 } },
        { "three by three at 14", new() { InputChannels = 9, InputHeight = 14, InputWidth = 14, OutputChannels = 10, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 } },
        { "three by three at 28", new() { InputChannels = 5, InputHeight = 28, InputWidth = 28, OutputChannels = 4, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 } },
        { "tall kernel", new() { InputChannels = 5, InputHeight = 20, InputWidth = 11, OutputChannels = 6, KernelHeight = 5, KernelWidth = 1 } },
        { "wide kernel", new() { InputChannels = 5, InputHeight = 11, InputWidth = 20, OutputChannels = 6, KernelHeight = 1, KernelWidth = 5 } },
        { "seven by seven with stride", new() { InputChannels = 3, InputHeight = 64, InputWidth = 64, OutputChannels = 3, KernelHeight = 7, KernelWidth = 7, StrideHeight = 2, StrideWidth = 2, PadTop = 3, PadLeft = 3 } },
        { "image beyond a polynomial", SmallConvolution with { InputChannels = 2, OutputChannels = 2, InputHeight = 100, InputWidth = 97 } },
        { "wide image beyond a polynomial", SmallConvolution with { InputChannels = 1, OutputChannels = 2, InputHeight = 3, InputWidth = 9000 } },
    };

    [Theory]
    [MemberData(nameof(NamedShapes))]
    public void Named_shapes_give_the_exact_share(string name, ConvolutionGeometry geometry)
    {
        Assert.NotEmpty(name);
        AssertExact(geometry, 37, weightBits: 10);
        AssertExact(geometry, 64, weightBits: 4);
    }

    [Theory]
    [InlineData(4096, 3)]
    [InlineData(8192, 4)]
    [InlineData(8192, 5)]
    [InlineData(8192, 6)]
    public void Every_parameter_set_gives_the_exact_share(int degree, int primeCount)
    {
        var (weights, normBits) = LayerHarness.RandomWeights(SmallConvolution, 9);
        foreach (var ringBits in primeCount == 3 ? (int[])[21, 37] : [21, 37, 60])
        {
            var packing = ConvolutionPacking.For(SmallConvolution, Settings(SmallConvolution, degree, primeCount, normBits), ringBits);
            AssertExact(packing, weights);
        }
    }

    [Theory]
    [MemberData(nameof(NamedShapes))]
    public void Weights_transformed_on_the_fly_give_the_same_answer(string name, ConvolutionGeometry geometry)
    {
        Assert.NotEmpty(name);
        AssertExact(Packing(geometry, 37, 8, out var weights), weights, keep: false);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Any_number_of_threads_gives_the_exact_share(int threads)
    {
        foreach (var name in (string[])["batch", "groups", "one tap", "one by one", "image beyond a polynomial"])
        {
            var geometry = (ConvolutionGeometry)NamedShapes.Single(shape => (string)shape[0] == name)[1];
            var packing = Packing(geometry, 37, 8, out var weights);
            var mask = LayerHarness.RandomRing(geometry.InputCount, packing.RingBits);
            var serverMask = LayerHarness.RandomRing(geometry.OutputCount, packing.RingBits);
            var share = LayerHarness.Run(new PreparedWeights(packing, weights, keep: threads == 2), mask, serverMask, threads);
            Assert.Equal(LayerHarness.Expected(geometry, packing.RingBits, weights, mask, serverMask), share);
        }
    }

    [Fact]
    public void Large_weights_are_exact_too()
    {
        var geometry = SmallConvolution with { InputChannels = 1, OutputChannels = 2 };
        long[] weights = [.. Enumerable.Range(0, geometry.WeightCount).Select(i => ((i % 2 * 2) - 1L) * ((1L << 40) - i))];
        var settings = NoiseBudget.Choose(geometry, 64, LayerHarness.NormBits(geometry, weights));
        AssertExact(ConvolutionPacking.For(geometry, settings, 64), weights);
    }

    [Fact]
    public void Two_encryptions_of_one_mask_differ_everywhere()
    {
        var packing = Packing(SmallConvolution, 37, 8, out _);
        var (keys, _) = LayerHarness.KeysOf(packing.Parameters);
        var client = new LinearLayerClient(keys, packing);
        var mask = new ulong[SmallConvolution.InputCount];
        using var first = new MemoryPipe();
        using var second = new MemoryPipe();
        client.EncryptMask(mask, first, SystemRandomSource.Instance);
        client.EncryptMask(mask, second, SystemRandomSource.Instance);
        var equal = first.Sent.Zip(second.Sent).Count(pair => pair.First == pair.Second);
        Assert.InRange(equal, 0, first.Sent.Length / 128); // 1/256 by chance
    }

    [Fact]
    public void Two_answers_to_one_request_differ_everywhere_and_decrypt_alike()
    {
        var packing = Packing(SmallConvolution, 37, 8, out var weights);
        var (keys, publicKey) = LayerHarness.KeysOf(packing.Parameters);
        var client = new LinearLayerClient(keys, packing);
        using var request = new MemoryPipe();
        client.EncryptMask(LayerHarness.RandomRing(SmallConvolution.InputCount, 37), request, SystemRandomSource.Instance);
        var server = new LinearLayerServer(new PreparedWeights(packing, weights));
        var mask = new ulong[SmallConvolution.OutputCount];
        var first = LayerHarness.Answer(server, publicKey, MemoryPipe.Of(request.Sent), mask, SystemRandomSource.Instance);
        var second = LayerHarness.Answer(server, publicKey, MemoryPipe.Of(request.Sent), mask, SystemRandomSource.Instance);
        var equal = 0;
        for (var i = 0; i < first.Length; i++)
            equal += first[i] == second[i] ? 1 : 0;

        // The leading bits of c0's coefficients agree only by chance as well: c1 and pk·u are fresh.
        Assert.InRange(equal, 0, first.Length / 128);
        var shares = new ulong[2][];
        shares[0] = new ulong[mask.Length];
        shares[1] = new ulong[mask.Length];
        client.DecryptShare(MemoryPipe.Of(first), shares[0]);
        client.DecryptShare(MemoryPipe.Of(second), shares[1]);
        Assert.Equal(shares[0], shares[1]);
    }

    [Fact]
    public void Zero_weights_give_an_answer_of_the_same_size_and_the_negated_mask()
    {
        var packing = Packing(SmallConvolution, 37, 8, out var weights);
        AssertExact(packing, weights);
        AssertExact(packing, new long[weights.Length]);
    }

    [Fact]
    public void One_server_serves_many_threads()
    {
        var packing = Packing(SmallConvolution, 37, 8, out var weights);
        var (keys, publicKey) = LayerHarness.KeysOf(packing.Parameters);
        var server = new LinearLayerServer(new PreparedWeights(packing, weights));
        Parallel.For(0, 8, _ =>
        {
            var client = new LinearLayerClient(keys, packing);
            using var request = new MemoryPipe();
            var mask = LayerHarness.RandomRing(SmallConvolution.InputCount, 37);
            var serverMask = LayerHarness.RandomRing(SmallConvolution.OutputCount, 37);
            client.EncryptMask(mask, request, SystemRandomSource.Instance);
            var response = LayerHarness.Answer(server, publicKey, request, serverMask, SystemRandomSource.Instance);
            var share = new ulong[serverMask.Length];
            client.DecryptShare(MemoryPipe.Of(response), share);
            Assert.Equal(LayerHarness.Expected(SmallConvolution, 37, weights, mask, serverMask), share);
        });
    }

    [Fact]
    public void Malformed_and_truncated_requests_end_the_session()
    {
        var packing = Packing(SmallConvolution, 37, 8, out var weights);
        var (_, publicKey) = LayerHarness.KeysOf(packing.Parameters);
        var server = new LinearLayerServer(new PreparedWeights(packing, weights));
        var mask = new ulong[SmallConvolution.OutputCount];
        var garbage = new byte[packing.RequestBytes];
        garbage.AsSpan().Fill(0xff);
        Assert.Throws<PeerProtocolException>(
            () => LayerHarness.Answer(server, publicKey, MemoryPipe.Of(garbage), mask, SystemRandomSource.Instance));
        Assert.Throws<PeerProtocolException>(
            () => LayerHarness.Answer(server, publicKey, MemoryPipe.Of(new byte[packing.RequestBytes - 1]), mask, SystemRandomSource.Instance));
    }

    [Fact]
    public void Malformed_public_keys_are_refused()
    {
        var parameters = RlweParameters.Get(4096, 3);
        var garbage = new byte[parameters.PublicKeyBytes];
        garbage.AsSpan().Fill(0xff);
        Assert.Throws<PeerProtocolException>(() => RlwePublicKey.Read(garbage, parameters));
        Assert.Throws<PeerProtocolException>(() => RlwePublicKey.Read(garbage.AsSpan(1), parameters));
    }

    [Fact]
    public void Operands_of_another_layer_are_refused()
    {
        var packing = Packing(SmallConvolution, 37, 8, out var weights);
        var (keys, publicKey) = LayerHarness.KeysOf(RlweParameters.Get(8192, 4));
        Assert.Throws<ArgumentException>(() => new LinearLayerClient(keys, packing));
        var server = new LinearLayerServer(new PreparedWeights(packing, weights));
        using var empty = new MemoryPipe();
        Assert.Throws<ArgumentException>(
            () => LayerHarness.Answer(server, publicKey, empty, new ulong[SmallConvolution.OutputCount], SystemRandomSource.Instance));
        Assert.Throws<ArgumentException>(
            () => LayerHarness.Answer(server, LayerHarness.KeysOf(packing.Parameters).Public, empty, new ulong[1], SystemRandomSource.Instance));
        Assert.Throws<PlanFormatException>(() => new PreparedWeights(packing, weights.AsMemory(1)));
    }

    internal static RlweSettings Settings(ConvolutionGeometry geometry, int degree, int primeCount, int normBits) => new()
    {
        Degree = degree,
        PrimeCount = primeCount,
        WeightNormBits = normBits,
        FloodBits = NoiseBudget.RequiredFloodBits(geometry, degree, normBits, 1),
    };

    private static ConvolutionPacking Packing(ConvolutionGeometry geometry, int ringBits, int weightBits, out long[] weights)
    {
        (weights, var normBits) = LayerHarness.RandomWeights(geometry, weightBits);
        return ConvolutionPacking.For(geometry, NoiseBudget.Choose(geometry, ringBits, normBits), ringBits);
    }

    private static void AssertExact(ConvolutionGeometry geometry, int ringBits, int weightBits) =>
        AssertExact(Packing(geometry, ringBits, weightBits, out var weights), weights);

    private static void AssertExact(ConvolutionPacking packing, long[] weights, bool keep = true)
    {
        var mask = LayerHarness.RandomRing(packing.Geometry.InputCount, packing.RingBits);
        var serverMask = LayerHarness.RandomRing(packing.Geometry.OutputCount, packing.RingBits);
        var share = LayerHarness.Run(packing, weights, mask, serverMask, keep);
        Assert.Equal(LayerHarness.Expected(packing.Geometry, packing.RingBits, weights, mask, serverMask), share);
    }

    private static ConvolutionGeometry RandomGeometry()
    {
        var groups = Draw(1, 3);
        return new()
        {
            Batch = Draw(1, 2), Groups = groups,
            InputChannels = groups * Draw(1, 4), OutputChannels = groups * Draw(1, 4),
            InputHeight = Draw(7, 20), InputWidth = Draw(7, 20),
            KernelHeight = Draw(1, 3), KernelWidth = Draw(1, 3),
            StrideHeight = Draw(1, 3), StrideWidth = Draw(1, 3),
            DilationHeight = Draw(1, 3), DilationWidth = Draw(1, 3),
            PadTop = Draw(0, 2), PadLeft = Draw(0, 2), PadBottom = Draw(0, 2), PadRight = Draw(0, 2),
        };
    }

    private static int Draw(int low, int high) => RandomNumberGenerator.GetInt32(low, high + 1);
}
