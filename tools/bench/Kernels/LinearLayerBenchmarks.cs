using BenchmarkDotNet.Attributes;
using PrivateInference.Benchmarks.Channels;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>The offline phase of a linear layer in a ring of 37 bits, each party's part alone; the baseline is its online phase.</summary>
public class LinearLayerBenchmarks
{
    private readonly NullChannel _sent = new();
    private readonly AesCtrGenerator _random = SecureRandom.CreateGenerator();
    private TapeChannel _request = null!;
    private TapeChannel _response = null!;
    private ConvolutionGeometry _geometry = null!;
    private RlweClientKeys _keys = null!;
    private RlwePublicKey _publicKey = null!;
    private LinearLayerClient _client = null!;
    private LinearLayerServer _server = null!;
    private ulong[] _weights = [];
    private ulong[] _input = [];
    private ulong[] _output = [];

    public static IEnumerable<string> Shapes => LayerShapes.All.Keys;

    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _geometry = LayerShapes.All[Shape];
        long[] weights = LayerShapes.Weights(_geometry);
        RlweSettings settings = NoiseBudget.Choose(_geometry, LayerShapes.RingBits, LayerShapes.WeightNormBits(_geometry));
        ConvolutionPacking packing = ConvolutionPacking.For(_geometry, settings, LayerShapes.RingBits);
        _keys = RlweClientKeys.Generate(settings.Degree, settings.PrimeCount, _random);
        byte[] publicKey = new byte[packing.Parameters.PublicKeyBytes];
        _keys.WritePublicKey(publicKey);
        _publicKey = RlwePublicKey.Read(publicKey, packing.Parameters);
        _client = new LinearLayerClient(_keys, packing);
        _server = new LinearLayerServer(new PreparedWeights(packing, weights));

        _weights = [.. weights.Select(w => (ulong)w)];
        _input = new ulong[_geometry.InputCount];
        _output = new ulong[_geometry.OutputCount];
        _random.FillRing(_input, LayerShapes.RingBits);
        _request = new TapeChannel();
        _client.EncryptMask(_input, _request, _random);
        _request.Rewind();
        _response = new TapeChannel();
        _server.Answer(_publicKey, _request, _output, _random, _response);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _keys.Dispose();
        _request.Dispose();
        _response.Dispose();
    }

    /// <summary>The server, online: the layer in the clear on masked words.</summary>
    [Benchmark(Baseline = true)]
    public void ServerOnline() => RingConvolution.Apply(_geometry, _input, _weights, _output);

    /// <summary>The client: encrypts its mask of the input.</summary>
    [Benchmark]
    public void ClientRequest() => _client.EncryptMask(_input, _sent, _random);

    /// <summary>The server: multiplies by its weights, re-randomises, floods, compresses.</summary>
    [Benchmark]
    public void ServerEvaluate()
    {
        _request.Rewind();
        _server.Answer(_publicKey, _request, _output, _random, _sent);
    }

    /// <summary>The client: decrypts its share of the output.</summary>
    [Benchmark]
    public void ClientDecrypt()
    {
        _response.Rewind();
        _client.DecryptShare(_response, _output);
    }
}
