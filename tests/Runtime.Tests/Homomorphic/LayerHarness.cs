using System.Security.Cryptography;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Homomorphic;

internal sealed class SystemRandomSource : IRandomSource
{
    public static SystemRandomSource Instance { get; } = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

/// <summary>Bytes from a function of the request's size: for adversarially chosen samples.</summary>
internal sealed class ConstantSource(ulong word) : IRandomSource
{
    public void Fill(Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = (byte)(word >> (8 * (i % 8)));
    }
}

/// <summary>One direction of a connection, in memory.</summary>
internal sealed class MemoryPipe : IChannel
{
    private readonly MemoryStream _stream = new();
    private int _read;

    public byte[] Sent => _stream.ToArray();

    public static MemoryPipe Of(ReadOnlySpan<byte> data)
    {
        var pipe = new MemoryPipe();
        pipe.Send(data);
        return pipe;
    }

    public void Send(ReadOnlySpan<byte> data) => _stream.Write(data);

    public void Post(ReadOnlySpan<byte> data) => Send(data);

    public void Flush()
    {
    }

    public void Receive(Span<byte> data)
    {
        if (_stream.Length - _read < data.Length)
            throw new PeerProtocolException("The peer is gone.");
        _stream.GetBuffer().AsSpan(_read, data.Length).CopyTo(data);
        _read += data.Length;
    }

    public void Dispose() => _stream.Dispose();
}

/// <summary>Runs one layer between a client and a server.</summary>
internal static class LayerHarness
{
    private static readonly Dictionary<RlweParameters, (RlweClientKeys Keys, RlwePublicKey Public)> Keys = [];

    public static (RlweClientKeys Keys, RlwePublicKey Public) KeysOf(RlweParameters parameters)
    {
        lock (Keys)
        {
            if (!Keys.TryGetValue(parameters, out var pair))
                Keys[parameters] = pair = NewKeys(parameters, SystemRandomSource.Instance);
            return pair;
        }
    }

    public static (RlweClientKeys Keys, RlwePublicKey Public) NewKeys(RlweParameters parameters, IRandomSource random)
    {
        var keys = RlweClientKeys.Generate(parameters.Degree, parameters.PrimeCount, random);
        var bytes = new byte[parameters.PublicKeyBytes];
        keys.WritePublicKey(bytes);
        return (keys, RlwePublicKey.Read(bytes, parameters));
    }

    /// <summary>The client's share; asserts that both messages have the predicted size.</summary>
    public static ulong[] Run(ConvolutionPacking packing, long[] weights, ulong[] mask, ulong[] serverMask, bool keep = true)
        => Run(new PreparedWeights(packing, weights, keep), mask, serverMask);

    /// <inheritdoc cref="Run(ConvolutionPacking, long[], ulong[], ulong[], bool)"/>
    public static ulong[] Run(PreparedWeights weights, ulong[] mask, ulong[] serverMask, int threads = 1)
    {
        var packing = weights.Packing;
        var (keys, publicKey) = KeysOf(packing.Parameters);
        var client = new LinearLayerClient(keys, packing, threads);
        using var request = new MemoryPipe();
        client.EncryptMask(mask, request, SystemRandomSource.Instance);
        Assert.Equal(packing.RequestBytes, request.Sent.Length);
        var server = new LinearLayerServer(weights, threads);
        var response = Answer(server, publicKey, request, serverMask, SystemRandomSource.Instance);
        Assert.Equal(packing.ResponseBytes, response.Length);
        var share = new ulong[serverMask.Length];
        client.DecryptShare(MemoryPipe.Of(response), share);
        return share;
    }

    /// <summary>The answer's bytes.</summary>
    public static byte[] Answer(LinearLayerServer server, RlwePublicKey key, IChannel request, ulong[] mask, IRandomSource random)
    {
        using var response = new MemoryPipe();
        server.Answer(key, request, mask, random, response);
        return response.Sent;
    }

    /// <summary>W·r − s modulo 2^ℓ by definition.</summary>
    public static ulong[] Expected(ConvolutionGeometry g, int ringBits, long[] weights, ulong[] mask, ulong[] serverMask)
    {
        var result = new ulong[g.OutputCount];
        var next = 0;
        for (var n = 0; n < g.Batch; n++)
        {
            for (var m = 0; m < g.OutputChannels; m++)
            {
                for (var oy = 0; oy < g.OutputHeight; oy++)
                {
                    for (var ox = 0; ox < g.OutputWidth; ox++, next++)
                        result[next] = (Convolve(g, weights, mask, n, m, oy, ox) - serverMask[next]) & Mask(ringBits);
                }
            }
        }

        return result;
    }

    public static ulong Mask(int bits) => bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;

    public static ulong[] RandomRing(int count, int bits)
    {
        var bytes = RandomNumberGenerator.GetBytes(count * 8);
        return [.. Enumerable.Range(0, count).Select(i => BitConverter.ToUInt64(bytes, 8 * i) & Mask(bits))];
    }

    /// <summary>Signed weights of so many bits, and ⌈log2⌉ of their largest row norm.</summary>
    public static (long[] Weights, int NormBits) RandomWeights(ConvolutionGeometry geometry, int bits)
    {
        var bound = 1 << (bits - 1);
        long[] weights = [.. Enumerable.Range(0, geometry.WeightCount).Select(_ => (long)RandomNumberGenerator.GetInt32(-bound + 1, bound))];
        return (weights, NormBits(geometry, weights));
    }

    public static int NormBits(ConvolutionGeometry geometry, long[] weights)
    {
        var norm = weights.Chunk(geometry.Taps).Max(row => Math.Sqrt(row.Sum(weight => (double)weight * weight)));
        return (int)Math.Max(0, Math.Ceiling(Math.Log2(norm) + 1e-9));
    }

    private static ulong Convolve(ConvolutionGeometry g, long[] weights, ulong[] input, int n, int m, int oy, int ox)
    {
        ulong sum = 0;
        var group = m / g.OutputChannelsPerGroup;
        for (var c = 0; c < g.InputChannelsPerGroup; c++)
        {
            for (var ky = 0; ky < g.KernelHeight; ky++)
            {
                for (var kx = 0; kx < g.KernelWidth; kx++)
                {
                    var y = (oy * g.StrideHeight) + (ky * g.DilationHeight) - g.PadTop;
                    var x = (ox * g.StrideWidth) + (kx * g.DilationWidth) - g.PadLeft;
                    if (y < 0 || y >= g.InputHeight || x < 0 || x >= g.InputWidth)
                        continue;
                    var channel = (group * g.InputChannelsPerGroup) + c;
                    var element = input[(((((n * g.InputChannels) + channel) * g.InputHeight) + y) * g.InputWidth) + x];
                    var weight = weights[(((((m * g.InputChannelsPerGroup) + c) * g.KernelHeight) + ky) * g.KernelWidth) + kx];
                    sum += (ulong)weight * element;
                }
            }
        }

        return sum;
    }
}
