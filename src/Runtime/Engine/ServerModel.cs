using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Numerics;
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

    /// <exception cref="PlanFormatException">The plan is invalid or the weights do not belong to it.</exception>
    public ServerModel(ExecutionPlan plan, ModelWeights weights)
    {
        PlanVerifier.Require(plan, weights);
        Plan = plan;
        Program = new TwoPartyProgram(plan);
        _dealt = new Lazy<DealtProgram>(() => new DealtProgram(Program));
        _storedBytes = new Lazy<long>(() => MaterialSize.Of(Program).ServerBytes);
        Ring ring = new(plan.RingBits);
        Weights = [.. weights.Tensors.Select(t => t.Elements.Select(ring.FromSigned).ToArray())];
        _layers = [.. plan.Steps.Select((step, i) => step is ConvolutionStep s
            ? Program.Linear(i).CreateServer(weights.Tensors[s.Weight].Elements.AsSpan())
            : null)];
    }

    public ExecutionPlan Plan { get; }

    public TwoPartyProgram Program { get; }

    /// <summary>What a dealer prepares of it.</summary>
    public DealtProgram Dealt => _dealt.Value;

    /// <summary>Bytes of the server's half of an inference's material.</summary>
    public long StoredBytes => _storedBytes.Value;

    /// <summary>The weight tensors as ring elements.</summary>
    public ulong[][] Weights { get; }

    /// <summary>The homomorphic evaluator of the linear step with this index.</summary>
    public LinearLayerServer Layer(int step) => _layers[step]!;
}
