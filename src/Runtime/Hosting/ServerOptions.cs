using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Where an inference server listens, what it grants its clients, and whom it trusts to prepare for it.</summary>
public sealed record ServerOptions : ListenOptions
{
    /// <summary>
    /// Threads that a session prepares linear layers with; by default as many as the machine has cores. Results do not depend on it.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How transformed weights are kept.</summary>
    public WeightMemoryOptions WeightMemory { get; init; } = new();

    /// <summary>
    /// The dealer for sessions whose client asks for one; null for none, and such clients are refused. A dealer that colludes
    /// with a client reveals the weights to it.
    /// </summary>
    public ConnectOptions? Dealer { get; init; }

    /// <summary>
    /// Where this server keeps its halves of inferences that clients prepare ahead; null for nowhere. Its limits bound what clients can
    /// make it keep.
    /// </summary>
    public PreprocessingStore? Store { get; init; }
}
