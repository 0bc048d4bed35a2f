using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// A non-linear step by oblivious transfer: of a pooled step, first a ReLU of differences for each level of
/// <see cref="WindowMaxima"/>, of m + 1 bits; then its activation with truncation, where it has any, a clip as two
/// (<see cref="ClipSides"/>). Each is a run of
/// <see cref="OtNonLinearProtocol"/> with fresh material; what passes from one to the next are fresh shares. Offline, all have
/// their messages of one kind together.
/// </summary>
internal sealed class ComparisonProtocol : IComparisonProtocol
{
    public ComparisonProtocol(int step, NonLinearStep definition, ExecutionPlan plan, SilentTransferSizes sizes)
    {
        Ring = new Ring(plan.RingBits);
        Pool = definition.Pool;
        Clip = definition.Activation == Activation.Clip ? new ClipSides(definition, Ring) : null;
        Count = plan.Values[definition.Output].Count;
        Stages = [.. StagesOf(definition, plan).Select(s => new OtNonLinearProtocol(step, s.Circuit, s.Count, sizes))];
        Levels = WindowMaxima.Levels(Pool?.WindowSize ?? 1).Count();
    }

    public Ring Ring { get; }

    public PoolGeometry? Pool { get; }

    /// <summary>What the last stage's ReLUs make; null where that is no clip.</summary>
    public ClipSides? Clip { get; }

    /// <summary>Elements of the output.</summary>
    public int Count { get; }

    /// <summary>The levels of maxima, then what is left to do.</summary>
    public ImmutableArray<OtNonLinearProtocol> Stages { get; }

    /// <summary>How many of the stages are levels of maxima.</summary>
    public int Levels { get; }

    /// <inheritdoc/>
    public WorkCost DrawWork => Stages.Select(s => s.DrawWork).Aggregate(WorkCost.None, WorkCost.Add);

    /// <inheritdoc/>
    public PartyBytes Storage => Stages.Select(s => s.Storage).Aggregate(PartyBytes.Add);

    /// <inheritdoc/>
    public int BatchTransfers => Stages.Max(s => s.BatchTransfers);

    /// <inheritdoc/>
    public IEnumerable<MessageTransfer> DescribeServerChoices() => Stages.Select(s => s.DescribeServerChoices());

    /// <inheritdoc/>
    public IEnumerable<MessageTransfer> DescribeClientChoices() => Stages.Select(s => s.DescribeClientChoices());

    /// <inheritdoc/>
    public IEnumerable<MessageTransfer> DescribeCorrections() => Stages.Select(s => s.DescribeCorrections());

    /// <inheritdoc/>
    public IEnumerable<CostEvent> DescribeOnline() => Stages.SelectMany(s => s.DescribeOnline());

    /// <inheritdoc/>
    public IComparisonClient CreateClient() => new ComparisonClient(this);

    /// <inheritdoc/>
    public IComparisonServer CreateServer() => new ComparisonServer(this);

    /// <summary>
    /// Whether a step can be computed so: there is something to decide. Differences of m bits need a ring of one more.
    /// </summary>
    public static bool Supports(NonLinearStep step, int ringBits)
        => (step.Activation != Activation.Clip || ClipSides.IsPossible(step, ringBits))
            && (step.Pool is null ? HasLast(step, ringBits) : step.Pool.WindowSize > 1 && step.InputBits < ringBits);

    /// <summary>Shape and elements of each stage.</summary>
    public static IEnumerable<(TruncationCircuit Circuit, int Count)> StagesOf(NonLinearStep step, ExecutionPlan plan)
    {
        int count = plan.Values[step.Output].Count;
        foreach (int positions in WindowMaxima.Levels(step.Pool?.WindowSize ?? 1))
            yield return (new TruncationCircuit(step.InputBits + 1, shift: 0, isRelu: true, plan.RingBits), checked(positions / 2 * count));
        if (step.Activation == Activation.Clip)
            yield return (new TruncationCircuit(step.InputBits + 1, step.Shift, isRelu: true, plan.RingBits), checked(2 * count));
        else if (step.Pool is null || HasLast(step, plan.RingBits))
            yield return (new TruncationCircuit(step.InputBits, step.Shift, step.Activation == Activation.Relu, plan.RingBits), count);
    }

    // A truncation by no bits would only share anew, which the last level of maxima does.
    private static bool HasLast(NonLinearStep step, int ringBits) => step.Pool is null
        ? step.Activation != Activation.None || TruncationCircuit.CanTruncate(step.InputBits, step.Shift, ringBits)
        : step.Activation != Activation.None || step.Shift > 0;
}
