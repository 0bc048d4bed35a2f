using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The client's secret key, a uniform ternary polynomial, with the public key that the server re-randomises its answers
/// with. One pair serves all layers of a session that use the same parameters.
/// </summary>
public sealed class RlweClientKeys : IDisposable
{
    private readonly double[] _negatedSecret;
    private readonly byte[] _publicKey;

    private RlweClientKeys(RlweParameters parameters, IRandomSource random)
    {
        Parameters = parameters;
        _negatedSecret = new double[parameters.ResidueCount];
        _publicKey = new byte[parameters.PublicKeyBytes];
        var sampler = new RlweSampler(random);
        var small = new double[parameters.Degree];
        sampler.Ternary(small); // −s is distributed like s
        parameters.TransformSmall(small, _negatedSecret);
        sampler.CenteredBinomial(small);
        MakePublicKey(small, random);
        sampler.Clear();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(small.AsSpan()));
    }

    public RlweParameters Parameters { get; }

    /// <summary>−s, transformed.</summary>
    internal ReadOnlySpan<double> NegatedSecret => _negatedSecret;

    /// <summary>Draws a key pair.</summary>
    /// <exception cref="ArgumentException">The parameter set is not supported.</exception>
    public static RlweClientKeys Generate(int degree, int primeCount, IRandomSource random) =>
        new(RlweParameters.Get(degree, primeCount), random);

    /// <summary>The work of <see cref="Generate"/>: like one encryption, with the secret transformed besides.</summary>
    internal static WorkCost GenerationWork(int degree, int primeCount)
    {
        long residues = (long)degree * primeCount;
        return new WorkCost
        {
            AesCalls = (residues + (2 * degree)) / 2,
            Transforms = 2 * primeCount,
            RingMultiplications = residues,
            Units = WorkCost.Of(Primitive.EncryptedResidue, residues).Units,
        };
    }

    /// <summary>Writes the public key, <see cref="RlweParameters.PublicKeyBytes"/> bytes.</summary>
    public void WritePublicKey(Span<byte> destination) => _publicKey.CopyTo(destination);

    /// <summary>Overwrites the secret key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_negatedSecret.AsSpan()));

    private void MakePublicKey(ReadOnlySpan<double> error, IRandomSource random)
    {
        var seed = _publicKey.AsSpan(0, Block.Size);
        random.Fill(seed);
        AesCtrGenerator expansion = new(Block.Read(seed));
        var uniform = new double[Parameters.ResidueCount];
        Parameters.SampleUniform(new RlweSampler(expansion), uniform);
        var body = new double[Parameters.ResidueCount];
        Parameters.TransformSmall(error, body);
        SubtractProduct(body, uniform);
        RlweParameters.Pack(body, _publicKey.AsSpan(Block.Size));
    }

    /// <summary>Replaces a transformed body by body − a·s, canonical.</summary>
    internal void SubtractProduct(Span<double> body, ReadOnlySpan<double> uniform)
    {
        for (var i = 0; i < Parameters.PrimeCount; i++)
        {
            var modulus = Parameters.Tables[i].Modulus;
            var residues = Parameters.Residues(body, i);
            NttArithmetic.MultiplyAdd(
                residues, Parameters.Residues(uniform, i), Parameters.Residues(NegatedSecret, i), modulus);
            NttArithmetic.Canonicalize(residues, modulus);
        }
    }
}
