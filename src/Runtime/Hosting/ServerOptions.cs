using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Where an inference server listens, what it grants its clients, and whom it trusts to prepare for it.</summary>
public sealed record ServerOptions : ListenOptions
{
    /// <summary>256 MB.</summary>
    public const long DefaultWeightMemoryBytes = WeightMemory.DefaultBytes;

    /// <summary>
    /// What transformed weights of linear layers may take, of all layers together. Those that do not fit are transformed
    /// when they are needed, which costs processor time in each inference; the results are the same.
    /// </summary>
    public long WeightMemoryBytes { get; init; } = DefaultWeightMemoryBytes;

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
