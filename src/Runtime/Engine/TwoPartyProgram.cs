using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>Everything about executing a plan that follows from the plan alone, derived once and shared by all sessions.</summary>
internal sealed class TwoPartyProgram
{
    private readonly LinearProtocol?[] _linear;
    private readonly NonLinearProtocol?[] _nonLinear;
    private readonly IComparisonProtocol?[] _comparisons;
    private readonly SharedSignProtocol?[] _sharedSigns;
    private readonly IPolynomialProtocol?[] _polynomials;

    /// <param name="plan">A verified plan.</param>
    /// <param name="weightMemory">Bytes of transformed weights that the server keeps at most.</param>
    /// <param name="threads">Threads that this party works with.</param>
    public TwoPartyProgram(ExecutionPlan plan, long weightMemory = WeightMemory.DefaultBytes, int threads = 1)
    {
        Plan = plan;
        Hash = plan.Hash;
        Ring = new Ring(plan.RingBits);
        Schedule = new OfflineSchedule(plan);
        _linear = LinearProtocols(plan, weightMemory, threads);
        _nonLinear = [.. plan.Steps.Select((step, i) => step is NonLinearStep { Method: NonLinearMethod.Garbled } s ? new NonLinearProtocol(i, s, plan) : null)];
        _sharedSigns = [.. plan.Steps.Select((step, i) => step is SharedSignStep { Method: NonLinearMethod.Garbled } s ? new SharedSignProtocol(i, s, plan) : null)];
        _polynomials = [.. plan.Steps.Select((step, i) => step is PolynomialStep s ? PowerMethods.Create(i, s, plan) : null)];
        RangeCheckStep? check = Schedule.RangeCheck is { } place ? (RangeCheckStep)plan.Steps[place] : null;
        NonLinearStep?[] compared = [.. plan.Steps.Select(step => step is NonLinearStep { Method: NonLinearMethod.ObliviousTransfer } s ? s : null)];
        (long, long)[] calls =
        [
            .. compared.SelectMany(s => s is null ? [] : ComparisonProtocol.StagesOf(s, plan)).Select(s => ((long)s.Circuit.ServerChoices * s.Count, (long)s.Circuit.ClientChoices * s.Count)),
            .. plan.Steps.OfType<SharedSignStep>().Where(s => s.Method == NonLinearMethod.ObliviousTransfer).Select(s => OtSharedSignProtocol.Calls(s, plan)),
            .. check is null ? [] : RangeCheckProtocol.Calls(check, plan),
            .. _polynomials.SelectMany(p => p is null ? [] : PolynomialPreparation.Calls(p)),
        ];
        SilentTransfers = calls.Length > 0 ? SilentTransferSizes.For(calls) : null;
        _comparisons = [.. plan.Steps.Select((step, i) => Compare(i, step))];
        RangeCheck = check is null ? null : new RangeCheckProtocol(Schedule.RangeCheck!.Value, check, plan, SilentTransfers!);
        KeySets = [.. plan.Steps.OfType<ConvolutionStep>().Select(s => (s.Rlwe.Degree, s.Rlwe.PrimeCount)).Distinct().Order()];
        Costs = new SessionCosts(this);
    }

    public ExecutionPlan Plan { get; }

    /// <summary>The plan's identity, computed once.</summary>
    public ImmutableArray<byte> Hash { get; }

    public Ring Ring { get; }

    public OfflineSchedule Schedule { get; }

    /// <summary>The RLWE parameter sets (degree, primes) that the client makes keys for, in the order of the setup message.</summary>
    public ImmutableArray<(int Degree, int PrimeCount)> KeySets { get; }

    /// <summary>Whether a session needs oblivious transfers at all.</summary>
    public bool NeedsTransfers(bool withDealer) => NeedsChoices(withDealer) || !Schedule.NonLinearSteps.IsEmpty;

    /// <summary>Whether a session needs oblivious transfers in which the server chooses.</summary>
    public bool NeedsChoices(bool withDealer) => NeededTransfers(withDealer) is not null || !Schedule.SharedSignSteps.IsEmpty;

    /// <summary>The session's silent oblivious transfers, where a step needs any; with a dealer polynomials need none.</summary>
    public SilentTransferSizes? NeededTransfers(bool withDealer) => withDealer && Schedule.ComparisonSteps.IsEmpty && RangeCheck is null ? null : SilentTransfers;

    /// <summary>The parameters of silent oblivious transfers; null where no step needs any.</summary>
    public SilentTransferSizes? SilentTransfers { get; }

    /// <summary>Every message of a session, in order.</summary>
    public SessionCosts Costs { get; }

    /// <summary>The plan's first step: the client's input.</summary>
    public const int InputStep = 0;

    /// <summary>The plan's last step: the opening to the client.</summary>
    public int OutputStep => Plan.Steps.Length - 1;

    public static MessageHeader PrepareHeader => new(MessageKind.Prepare, Phase.Offline, InputStep, 0);

    public MessageHeader InferHeader => new(MessageKind.Infer, Phase.Online, InputStep, ShareBytes(Plan.Steps[InputStep].Output));

    /// <summary>The client, offline: draws the mask of its input.</summary>
    public WorkCost DrawInputWork => WorkCost.Stream(Plan.Values[Plan.Steps[InputStep].Output].Count / 2);

    /// <summary>The protocol of the range check; null where the plan has none.</summary>
    public RangeCheckProtocol? RangeCheck { get; }

    public LinearProtocol Linear(int step) => _linear[step]!;

    public NonLinearProtocol NonLinear(int step) => _nonLinear[step]!;

    public SharedSignProtocol SharedSign(int step) => _sharedSigns[step]!;

    /// <summary>The protocol of a step with polynomials without a dealer.</summary>
    public IPolynomialProtocol Polynomial(int step) => _polynomials[step]!;

    /// <summary>The protocol of a step with polynomials with a dealer, to whom all powers cost the same, so that one opening is best.</summary>
    public PolynomialProtocol DealtPolynomial(int step) => Polynomial(step) as PolynomialProtocol ?? new PolynomialProtocol(step, (PolynomialStep)Plan.Steps[step], Plan);

    /// <summary>The protocol of a step with polynomials, with a dealer or without.</summary>
    public IPolynomialProtocol Polynomial(int step, bool withDealer) => withDealer ? DealtPolynomial(step) : Polynomial(step);

    /// <summary>The protocol of a step by oblivious transfer; null for any other.</summary>
    public IComparisonProtocol? FindComparison(int step) => _comparisons[step];

    /// <summary>The protocol of a garbled step with shared signs; null for any other.</summary>
    public SharedSignProtocol? FindSharedSign(int step) => _sharedSigns[step];

    private static LinearProtocol?[] LinearProtocols(ExecutionPlan plan, long weightMemory, int threads)
    {
        LinearProtocol?[] protocols = new LinearProtocol?[plan.Steps.Length];
        int[] steps = [.. Enumerable.Range(0, plan.Steps.Length).Where(i => plan.Steps[i] is ConvolutionStep)];
        ConvolutionPacking[] packings =
            [.. steps.Select(i => (ConvolutionStep)plan.Steps[i]).Select(s => ConvolutionPacking.For(s.Geometry, s.Rlwe, plan.RingBits))];
        ImmutableArray<bool> kept = WeightMemory.Choose(packings, weightMemory);
        for (int i = 0; i < steps.Length; i++)
            protocols[steps[i]] = new LinearProtocol(steps[i], packings[i]) { KeepsWeights = kept[i], Threads = threads };
        return protocols;
    }

    private IComparisonProtocol? Compare(int index, PlanStep step) => step switch
    {
        NonLinearStep { Method: NonLinearMethod.ObliviousTransfer } s => new ComparisonProtocol(index, s, Plan, SilentTransfers!),
        SharedSignStep { Method: NonLinearMethod.ObliviousTransfer } s => new OtSharedSignProtocol(index, s, Plan, SilentTransfers!),
        _ => null,
    };

    /// <summary>Bytes of one party's share of a value on the wire.</summary>
    public long ShareBytes(int value) => PackedBits.ByteCount((long)Plan.Values[value].Count * Plan.RingBits);
}
