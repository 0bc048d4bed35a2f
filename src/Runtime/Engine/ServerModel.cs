using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;

namespace PrivateInference.Runtime.Engine;

/// <summary>A plan with its weights, transformed once for the homomorphic products; shared by all sessions of a server.</summary>
internal sealed class ServerModel : IDisposable
{
    private readonly LinearLayerServer?[] _layers;
    private readonly KeptWeights _kept;
    private readonly Lazy<DealtProgram> _dealt;
    private readonly Lazy<long> _storedBytes;

    /// <param name="plan">The plan.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="memory">How transformed weights are kept; null for the defaults.</param>
    /// <param name="threads">Threads that a session works with.</param>
    /// <exception cref="PlanFormatException">The plan is invalid or the weights do not belong to it.</exception>
    public ServerModel(ExecutionPlan plan, ModelWeights weights, WeightMemoryOptions? memory = null, int threads = 1)
    {
        memory ??= new WeightMemoryOptions();
        PlanVerifier.Require(plan, weights);
        Plan = plan;
        Program = new TwoPartyProgram(plan, memory.Bytes, threads);
        _dealt = new Lazy<DealtProgram>(() => new DealtProgram(Program));
        _storedBytes = new Lazy<long>(() => MaterialSize.Of(Program).ServerBytes);
        Weights = [.. weights.Tensors.Select(t => WordsOf(t.Elements))];
        _layers = new LinearLayerServer?[plan.Steps.Length];
        LayerWeights?[] layers = [.. plan.Steps.Select((step, i) => step is ConvolutionStep s ? Program.Linear(i).Weights(weights.Tensors[s.Weight].Elements.AsMemory()) : null)];
        ImmutableArray<int> keptSteps = [.. Enumerable.Range(0, layers.Length).Where(i => layers[i] is not null && Program.Linear(i).KeepsWeights)];
        _kept = Keep(memory, weights, [.. keptSteps.Select(i => layers[i]!)]);
        for (int i = 0; i < layers.Length; i++)
        {
            ReadOnlyMemory<double>? kept = null;
            if (keptSteps.Contains(i))
                kept = _kept.Of(keptSteps.IndexOf(i));
            _layers[i] = layers[i] is { } layer ? Program.Linear(i).CreateServer(layer, kept) : null;
        }
    }

    public ExecutionPlan Plan { get; }

    public TwoPartyProgram Program { get; }

    /// <summary>What a dealer prepares of it.</summary>
    public DealtProgram Dealt => _dealt.Value;

    /// <summary>Bytes of the server's half of an inference's material.</summary>
    public long StoredBytes => _storedBytes.Value;

    /// <summary>The weight tensors as words modulo 2^64, of which a ring's arithmetic takes the low bits.</summary>
    public ulong[][] Weights { get; }

    /// <summary>The homomorphic evaluator of the linear step with this index.</summary>
    public LinearLayerServer Layer(int step) => _layers[step]!;

    /// <summary>Closes the cache of the transformed weights, if there is one.</summary>
    public void Dispose() => _kept.Dispose();

    private KeptWeights Keep(WeightMemoryOptions memory, ModelWeights weights, ImmutableArray<LayerWeights> layers)
        => memory.CachePath is { } path
            ? KeptWeights.Cached(path, [.. Program.Hash, .. WeightsSerializer.Digest(weights)], layers, memory.OnWarning ?? (_ => { }))
            : KeptWeights.Transform(layers);

    // Signed and unsigned words have one representation, so a large model's weights are in memory once.
    private static ulong[] WordsOf(ImmutableArray<long> elements) => (ulong[])(object)ImmutableCollectionsMarshal.AsArray(elements)!;
}
