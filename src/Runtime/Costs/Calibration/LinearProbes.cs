using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>The parties' parts in a linear layer's offline phase, at N = 4096 with three primes.</summary>
internal sealed class LinearProbes : IDisposable
{
    private const int RingBits = 32;
    private const int WeightNormBits = 8;

    /// <summary>Of one ciphertext, without room for anything but whole weight polynomials (see <see cref="WeightLayout"/>).</summary>
    private static readonly ConvolutionGeometry s_geometry = new()
    {
        InputChannels = 1, InputHeight = 65, InputWidth = 63, OutputChannels = 1, KernelHeight = 3, KernelWidth = 3,
    };

    /// <summary>With more weight polynomials than caches hold: 256 of 98 KB.</summary>
    private static readonly ConvolutionGeometry s_large = s_geometry with { InputChannels = 16, OutputChannels = 16 };

    private readonly AesCtrGenerator _random = SecureRandom.CreateGenerator();
    private readonly ConvolutionPacking _packing;
    private readonly RlweClientKeys _keys;
    private readonly LinearLayerClient _client;
    private readonly ReplayChannel _request;
    private readonly ReplayChannel _response;
    private readonly RlwePublicKey _publicKey;
    private readonly ulong[] _input = new ulong[s_geometry.InputCount];
    private readonly ulong[] _output = new ulong[s_geometry.OutputCount];

    public LinearProbes()
    {
        _packing = Packing(s_geometry);
        _keys = RlweClientKeys.Generate(_packing.Parameters.Degree, _packing.Parameters.PrimeCount, _random);
        byte[] publicKey = new byte[_packing.Parameters.PublicKeyBytes];
        _keys.WritePublicKey(publicKey);
        _publicKey = RlwePublicKey.Read(publicKey, _packing.Parameters);
        _client = new LinearLayerClient(_keys, _packing);

        // Zeros are a valid request: a seed, and residues below every prime; and a valid response: fractions.
        _request = new ReplayChannel(new byte[_packing.RequestBytes]);
        _response = new ReplayChannel(new byte[_packing.ResponseBytes]);
    }

    public IEnumerable<Probe> All =>
    [
        new(Primitive.EncryptedResidue, UnitsOf(LinearLayerWork.Encryption(_packing), Primitive.EncryptedResidue),
            () => _client.EncryptMask(_input, _request, _random)),
        new(Primitive.DecryptedResidue, UnitsOf(LinearLayerWork.Decryption(_packing), Primitive.DecryptedResidue), Decrypt),
        Expansion(),
        Product(),
        Preparation(),
        Answer(),
    ];

    public void Dispose()
    {
        _keys.Dispose();
        _request.Dispose();
        _response.Dispose();
    }

    private static ConvolutionPacking Packing(ConvolutionGeometry geometry)
        => ConvolutionPacking.For(geometry, NoiseBudget.Choose(geometry, RingBits, WeightNormBits), RingBits);

    private static long UnitsOf(WorkCost work, Primitive primitive) => work.Units[primitive];

    private void Decrypt()
    {
        _response.Rewind();
        _client.DecryptShare(_response, _output);
    }

    private Probe Expansion()
    {
        RlweParameters parameters = _packing.Parameters;
        byte[] packed = new byte[parameters.PolynomialBytes];
        double[] body = new double[parameters.ResidueCount], uniform = new double[parameters.ResidueCount];
        RlweSampler sampler = new(_random);
        return new Probe(Primitive.ExpandedResidue, parameters.ResidueCount, () =>
        {
            parameters.TryUnpack(packed, body);
            parameters.SampleUniform(sampler, uniform);
        });
    }

    private Probe Product()
    {
        ConvolutionPacking packing = Packing(s_large);
        ProductAccumulator products = new(new PreparedWeights(packing, new long[s_large.WeightCount]), 1);
        PatchCiphertexts ciphertexts = new(packing, 1);
        using ReplayChannel request = new(new byte[packing.RequestBytes]);
        ciphertexts.Receive(0, request, new RlweSampler(_random));
        OutputBlock[] blocks = [.. OutputBlock.Of(packing)];
        long units = PreparedWeights.CountPolynomials(packing) * packing.Parameters.ResidueCount;
        return new Probe(Primitive.MultipliedResidue, units, () =>
        {
            foreach (OutputBlock block in blocks)
                products.Sum(ciphertexts, 1, block);
        });
    }

    private Probe Preparation()
    {
        long[] weights = new long[s_geometry.WeightCount];
        long units = PreparedWeights.CountResidues(_packing);
        return new Probe(Primitive.PreparedResidue, units, () => _ = new PreparedWeights(_packing, weights));
    }

    private Probe Answer()
    {
        ResponseBuilder builder = new(_packing, _publicKey, _random);
        double[] body = new double[_packing.Parameters.ResidueCount], uniform = new double[body.Length];
        int count = _packing.CountOutputs(0, 0);
        int[] coefficients = new int[count], indices = new int[count];
        _packing.LocateOutputs(0, 0, coefficients, indices);
        byte[] ciphertext = new byte[_packing.CiphertextBytes(count)];
        return new Probe(
            Primitive.AnsweredResidue, _packing.Parameters.ResidueCount,
            () => builder.Write(body, uniform, coefficients, _output.AsSpan(0, count), ciphertext));
    }
}
