using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The client's public key (−(a·s) + e, a), both halves transformed. The server adds fresh encryptions of zero under it
/// to its answers. Immutable; sessions may share it between threads.
/// </summary>
public sealed class RlwePublicKey
{
    private readonly double[] _body;
    private readonly double[] _uniform;

    private RlwePublicKey(RlweParameters parameters, double[] body, double[] uniform) =>
        (Parameters, _body, _uniform) = (parameters, body, uniform);

    public RlweParameters Parameters { get; }

    /// <summary>−(a·s) + e.</summary>
    internal ReadOnlySpan<double> Body => _body;

    /// <summary>a.</summary>
    internal ReadOnlySpan<double> Uniform => _uniform;

    /// <summary>Parses <see cref="RlweParameters.PublicKeyBytes"/> bytes.</summary>
    /// <exception cref="PeerProtocolException">The bytes are not a public key of these parameters.</exception>
    public static RlwePublicKey Read(ReadOnlySpan<byte> source, RlweParameters parameters)
    {
        if (source.Length != parameters.PublicKeyBytes)
            throw new PeerProtocolException($"A public key has {parameters.PublicKeyBytes} bytes; the peer sent {source.Length}.");
        var body = new double[parameters.ResidueCount];
        if (!parameters.TryUnpack(source[Block.Size..], body))
            throw new PeerProtocolException("The peer's public key has a residue that is not below its prime.");
        var uniform = new double[parameters.ResidueCount];
        AesCtrGenerator expansion = new(Block.Read(source));
        parameters.SampleUniform(new RlweSampler(expansion), uniform);
        return new RlwePublicKey(parameters, body, uniform);
    }
}
