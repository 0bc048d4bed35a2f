using PrivateInference.Runtime.Homomorphic;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Where an inference server listens, what it grants its clients, and whom it trusts to prepare for it.</summary>
public sealed record ServerOptions : ListenOptions
{
    /// <summary>How transformed weights are kept.</summary>
    public WeightMemoryOptions WeightMemory { get; init; } = new();

    /// <summary>
    /// The dealer for sessions whose client asks for one; null for none, and such clients are refused. A dealer that colludes
    /// with a client reveals the weights to it.
    /// </summary>
    public ConnectOptions? Dealer { get; init; }
}
