using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;

namespace PrivateInference.Runtime.Engine;

/// <summary>A plan with its weights, transformed once for the homomorphic products; shared by all sessions of a server.</summary>
internal sealed class ServerModel
{
    private readonly LinearLayerServer?[] _layers;
    private readonly Lazy<DealtProgram> _dealt;
    private readonly Lazy<long> _storedBytes;

    /// <param name="plan">The plan.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="weightMemory">Bytes of transformed weights to keep at most.</param>
    /// <exception cref="PlanFormatException">The plan is invalid or the weights do not belong to it.</exception>
    public ServerModel(ExecutionPlan plan, ModelWeights weights, long weightMemory = WeightMemory.DefaultBytes)
    {
        PlanVerifier.Require(plan, weights);
        Plan = plan;
        Program = new TwoPartyProgram(plan, weightMemory);
        _dealt = new Lazy<DealtProgram>(() => new DealtProgram(Program));
        _storedBytes = new Lazy<long>(() => MaterialSize.Of(Program).ServerBytes);
        Weights = [.. weights.Tensors.Select(t => WordsOf(t.Elements))];
        _layers = [.. plan.Steps.Select((step, i) => step is ConvolutionStep s
            ? Program.Linear(i).CreateServer(weights.Tensors[s.Weight].Elements.AsMemory())
            : null)];
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

    // Signed and unsigned words have one representation, so a large model's weights are in memory once.
    private static ulong[] WordsOf(ImmutableArray<long> elements) => (ulong[])(object)ImmutableCollectionsMarshal.AsArray(elements)!;
}
