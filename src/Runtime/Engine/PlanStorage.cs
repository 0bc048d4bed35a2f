using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Engine;

/// <summary>Material and memory of the parties, as functions of a plan's sizes.</summary>
internal static class PlanStorage
{
    /// <summary>What a process of the runtime takes before it has a plan: code, the runtime's own heap, TLS. As measured with a plan of one small layer.</summary>
    private const long ProcessBytes = 75_000_000;

    /// <summary>What a prepared inference keeps for a step.</summary>
    /// <param name="program">The plan's.</param>
    /// <param name="step">The step's index, or <see cref="PlannedMessage.Session"/>.</param>
    /// <param name="withDealer">Whether a dealer prepares linear steps and polynomials.</param>
    public static PartyBytes Of(TwoPartyProgram program, int step, bool withDealer) => step == PlannedMessage.Session ? Client(0) : program.Plan.Steps[step] switch
    {
        InputStep s => Client(Words(program, s.Output)),
        OutputStep s => Client(Words(program, s.Output)),
        ConvolutionStep => program.Linear(step).Storage,
        _ when program.FindComparison(step) is { } comparison => comparison.Storage,
        NonLinearStep => program.NonLinear(step).Storage,
        SharedSignStep => program.SharedSign(step).Storage,
        PolynomialStep => program.Polynomial(step, withDealer).Storage,
        RangeCheckStep => program.RangeCheck!.Storage,
        _ => Client(0),
    };

    /// <summary>
    /// The most that each party takes while it prepares and uses one inference: the process, the material, all shares, and
    /// what a phase needs besides. Buffers of labels and transfers come from a pool, which keeps arrays of each size it was asked for, a
    /// power of two. What the inference or the batch before has left in managed memory is collected while the next one is prepared. An
    /// estimate: the collector decides when garbage goes.
    /// </summary>
    /// <param name="program">The plan's.</param>
    /// <param name="withDealer">Whether a dealer prepares linear steps and polynomials.</param>
    public static PartyBytes Peak(TwoPartyProgram program, bool withDealer)
    {
        ExecutionPlan plan = program.Plan;
        int[] clientInputs = [.. program.Schedule.NonLinearSteps.Where(s => program.FindComparison(s) is null).Select(s => program.FindSharedSign(s)?.ClientInputs ?? program.NonLinear(s).ClientInputs)];
        long shares = plan.Values.Sum(v => (long)v.Count * sizeof(ulong));
        long ownLabels = clientInputs.Sum(Pooled), slack = ownLabels - clientInputs.Sum(c => (long)c * Block.Size);
        long responses = plan.Steps.Select((s, i) => s is ConvolutionStep ? program.Linear(i).Response.Cost.Bytes : 0).Sum();
        long answering = plan.Steps.Select((s, i) => s is ConvolutionStep ? program.Linear(i).WorkingBytes : 0).DefaultIfEmpty().Max();
        long transfers = program.Schedule.PolynomialSteps.Select(s => withDealer ? 0 : PolynomialBatch.HeldTransfers(program.Polynomial(s)))
            .Concat(program.Schedule.ComparisonSteps.Select(s => program.FindComparison(s)!.BatchTransfers))
            .Append(program.RangeCheck?.BatchTransfers ?? 0).Select(Pooled).Distinct().Sum();
        long messages = program.Schedule.PolynomialSteps.Select(s => withDealer ? 0 : PolynomialBatch.MessageBytes(program.Polynomial(s))).DefaultIfEmpty().Max();
        long silent = program.NeededTransfers(withDealer)?.WorkingBytes ?? 0;
        PartyBytes stored = Sum(Enumerable.Range(0, plan.Steps.Length)), left = Sum(Enumerable.Range(0, plan.Steps.Length).Where(s => IsManaged(program, s)));
        return new PartyBytes
        {
            ClientBytes = ProcessBytes + silent + (2 * messages) + stored.ClientBytes + slack + left.ClientBytes + (2 * shares) + Math.Max(transfers, clientInputs.Select(Pooled).DefaultIfEmpty().Max()),
            ServerBytes = ProcessBytes + silent + (2 * messages) + stored.ServerBytes + left.ServerBytes + (2 * shares) + Math.Max(transfers, Math.Max(ownLabels, responses + answering)) + ModelBytes(program),
        };

        PartyBytes Sum(IEnumerable<int> steps) => steps.Select(s => Of(program, s, withDealer)).Aggregate(Client(0), PartyBytes.Add);
    }

    // Tables of garbled steps are freed, and their labels go back to the pool, when they have been used.
    private static bool IsManaged(TwoPartyProgram program, int step)
        => program.Plan.Steps[step] is not (NonLinearStep or SharedSignStep) || program.FindComparison(step) is not null;

    // Weights as integers, once in the file's form and once as words; and transformed, as far as they are kept.
    private static long ModelBytes(TwoPartyProgram program) => program.Plan.Steps
        .Select((step, i) => step is ConvolutionStep s ? (2L * s.Geometry.WeightCount * sizeof(long)) + program.Linear(i).PreparedBytes : 0).Sum();

    private static long Pooled(int labels) => (long)BitOperations.RoundUpToPowerOf2((uint)labels) * Block.Size;

    private static long Words(TwoPartyProgram program, int value) => (long)program.Plan.Values[value].Count * sizeof(ulong);

    private static PartyBytes Client(long bytes) => new() { ClientBytes = bytes, ServerBytes = 0 };
}
