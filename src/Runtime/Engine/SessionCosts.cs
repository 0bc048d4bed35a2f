using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// What happens in a session, in order: the messages that the cost report adds up and an audit checks, and the work of the
/// parties before, between and during them.
/// </summary>
internal sealed class SessionCosts
{
    // Hello and seed of the client come before those of the server.
    private const int DealerMessagesWithClient = 2;

    // Hello and welcome.
    private const int HandshakeMessages = 2;

    private readonly TwoPartyProgram _program;
    private readonly ExecutionPlan _plan;
    private readonly DealtProgram? _dealt;

    /// <param name="program">The plan's.</param>
    /// <param name="dealt">What a dealer prepares; null for a session without one.</param>
    public SessionCosts(TwoPartyProgram program, DealtProgram? dealt = null)
    {
        _program = program;
        _dealt = dealt;
        _plan = program.Plan;
        SetupEvents = [.. DescribeSetup()];
        OfflineEvents = [.. DescribeOffline()];
        OnlineEvents = [.. DescribeOnline()];
        Setup = MessagesOf(SetupEvents);
        Offline = MessagesOf(OfflineEvents);
        Online = MessagesOf(OnlineEvents);
        DealerSetup = [.. DealerMessagesOf(SetupEvents).Skip(DealerMessagesWithClient)];
        Dealt = [.. DealerMessagesOf(OfflineEvents)];
    }

    public bool HasDealer => _dealt is not null;

    /// <summary>Handshake and keys: once a connection.</summary>
    public ImmutableArray<PlannedMessage> Setup { get; }

    /// <summary>The handshake alone: all that a connection needs which lives on stored material.</summary>
    public ImmutableArray<PlannedMessage> Admission => Setup[..HandshakeMessages];

    /// <summary>What of <see cref="Setup"/> comes after <see cref="Admission"/>.</summary>
    public ImmutableArray<PlannedMessage> Keys => Setup[HandshakeMessages..];

    /// <summary>The offline phase of one inference.</summary>
    public ImmutableArray<PlannedMessage> Offline { get; }

    /// <summary>The online phase of one inference.</summary>
    public ImmutableArray<PlannedMessage> Online { get; }

    /// <summary>Between server and dealer, once a connection.</summary>
    public ImmutableArray<PlannedMessage> DealerSetup { get; }

    /// <summary>Between server and dealer, for one inference.</summary>
    public ImmutableArray<PlannedMessage> Dealt { get; }

    /// <summary><see cref="Setup"/> with the work around it, and what a dealer sends and receives.</summary>
    public ImmutableArray<CostEvent> SetupEvents { get; }

    /// <summary><see cref="Offline"/> with the work around it, and what a dealer sends and receives.</summary>
    public ImmutableArray<CostEvent> OfflineEvents { get; }

    /// <summary><see cref="Online"/> with the work around it.</summary>
    public ImmutableArray<CostEvent> OnlineEvents { get; }

    private static ImmutableArray<PlannedMessage> MessagesOf(ImmutableArray<CostEvent> events)
        => [.. events.OfType<MessageTransfer>().Where(m => !m.InvolvesDealer).Select(m => m.Message)];

    private static IEnumerable<PlannedMessage> DealerMessagesOf(ImmutableArray<CostEvent> events)
        => events.OfType<MessageTransfer>().Where(m => m.InvolvesDealer).Select(m => m.Message);

    private IEnumerable<CostEvent> DescribeSetup()
    {
        foreach (CostEvent happening in _dealt is null ? [] : DescribeIntroductions())
            yield return happening;
        yield return new MessageTransfer(OfSession(Party.Client, Handshake.HelloBytes));
        yield return new MessageTransfer(OfSession(Party.Server, Handshake.WelcomeBytes));
        WorkCost keys = _program.KeySets.Select(k => RlweClientKeys.GenerationWork(k.Degree, k.PrimeCount)).Aggregate(WorkCost.None, WorkCost.Add);
        yield return Work(PlannedMessage.Session, Phase.Offline, Party.Client, keys + BaseOt.SetupWork);
        yield return new MessageTransfer(OfSession(Party.Client, SessionKeys.ClientBytes(_program)));
        WorkCost baseTransfers = BaseOt.TransferWork(CorrelatedOt.BaseCount);
        yield return new MessageTransfer(OfSession(Party.Server, SessionKeys.ServerBytes), baseTransfers, baseTransfers);
        foreach (CostEvent happening in _program.NeedsTransfers(HasDealer) ? DescribeTransferSetup() : [])
            yield return happening;
        if (_dealt is not null)
        {
            WorkCost weights = WorkCost.Stream(_dealt.Linear.Sum(l => (long)l.Weights) / 2);
            yield return new MessageTransfer(_dealt.Differences, weights, WorkCost.None);
        }
    }

    private IEnumerable<CostEvent> DescribeTransferSetup()
    {
        bool serverChooses = _program.NeedsChoices(HasDealer);
        WorkCost trees = CorrelatedOt.SetupWork;
        WorkCost choosing = serverChooses ? CorrelatedOt.ReceiverWork(CorrelatedOt.BaseCount) : WorkCost.None;
        WorkCost offering = serverChooses ? CorrelatedOt.SenderWork(CorrelatedOt.BaseCount) : WorkCost.None;
        yield return new MessageTransfer(OfSession(Party.Client, SessionKeys.ClientTreeBytes(_program, HasDealer)), trees + choosing, trees + offering);
        if (_program.NeededTransfers(HasDealer) is { } sizes)
        {
            foreach (CostEvent happening in SilentTransfers.DescribeSetup(sizes))
                yield return happening;
        }
        else if (serverChooses)
        {
            yield return new MessageTransfer(OfSession(Party.Server, SessionKeys.ServerTreeBytes), trees, trees);
        }
    }

    // The client opens the session at the dealer, before it connects to the server, which joins.
    private static IEnumerable<CostEvent> DescribeIntroductions() =>
    [
        new MessageTransfer(DealerHandshake.Hello(Party.Client)) { Receiver = Party.Helper },
        new MessageTransfer(DealerHandshake.Seed) { Receiver = Party.Client },
        new MessageTransfer(DealerHandshake.Hello(Party.Server)) { Receiver = Party.Helper },
        new MessageTransfer(DealerHandshake.Seed) { Receiver = Party.Server },
    ];

    private IEnumerable<CostEvent> DescribeOffline()
    {
        OfflineSchedule schedule = _program.Schedule;
        yield return new MessageTransfer(PlannedMessage.Create(TwoPartyProgram.InputStep, Phase.Offline, Party.Client, 0));
        yield return Work(TwoPartyProgram.InputStep, Phase.Offline, Party.Client, _program.DrawInputWork);
        foreach (int step in schedule.NonLinearSteps)
            yield return Work(step, Phase.Offline, Party.Client, _program.FindComparison(step)?.DrawWork ?? _program.FindSharedSign(step)?.DrawWork ?? _program.NonLinear(step).DrawWork);
        foreach (CostEvent happening in _dealt is null ? DescribeLinear() : DescribeDealt(_dealt))
            yield return happening;
        foreach (MessageTransfer transfers in schedule.NonLinearSteps.SelectMany(Transfers))
            yield return transfers;
        if (_program.RangeCheck is { } first)
            yield return first.DescribeServerChoices();
        foreach (MessageTransfer tables in schedule.NonLinearSteps.SelectMany(Tables))
            yield return tables;
        if (_program.RangeCheck is { } second)
            yield return second.DescribeClientChoices();
        foreach (SharedSignProtocol shared in schedule.SharedSignSteps.Select(_program.SharedSign))
            yield return new MessageTransfer(shared.Corrections, shared.CorrectionWork, shared.ElementWork);
        foreach (MessageTransfer corrections in schedule.ComparisonSteps.SelectMany(s => _program.FindComparison(s)!.DescribeCorrections()))
            yield return corrections;
        if (_program.RangeCheck is { } third)
            yield return third.DescribeCorrections();
        if (_dealt is not null)
            yield break;
        foreach (CostEvent happening in _program.SilentTransfers is { } sizes ? PolynomialPreparation.Describe(schedule.PolynomialSteps.Select(_program.Polynomial), sizes) : [])
            yield return happening;
    }

    private IEnumerable<CostEvent> DescribeLinear()
    {
        OfflineSchedule schedule = _program.Schedule;
        foreach (int step in schedule.PolynomialSteps)
            yield return Work(step, Phase.Offline, Party.Client, _program.Polynomial(step).DrawWork);
        for (int level = 0; level <= schedule.LinearLevels.Length; level++)
        {
            foreach (CostEvent local in LocalSteps(level))
                yield return local;
            ImmutableArray<int> steps = level < schedule.LinearLevels.Length ? schedule.LinearLevels[level] : [];
            foreach (LinearProtocol linear in steps.Select(_program.Linear))
                yield return new MessageTransfer(linear.Request, linear.EncryptionWork, linear.EvaluationWork);
            foreach (LinearProtocol linear in steps.Select(_program.Linear))
                yield return new MessageTransfer(linear.Response, WorkCost.None, linear.DecryptionWork) { AnswerTo = linear.Request, AnswerPieces = linear.ResponsePieces };
        }
    }

    private static IEnumerable<CostEvent> DescribeDealt(DealtProgram dealt)
    {
        yield return new MessageTransfer(DealtProgram.Request) { Receiver = Party.Helper };
        foreach (DealtLinearProtocol linear in dealt.Linear)
            yield return new MessageTransfer(linear.Correction, linear.ProductWork, linear.ElementWork);
        foreach (DealtPolynomialProtocol polynomial in dealt.Polynomials)
        {
            yield return new MessageTransfer(polynomial.Correction, polynomial.DealingWork, polynomial.TakingWork);
            yield return Work(polynomial.Step, Phase.Offline, Party.Client, polynomial.ExpansionWork);
        }

        foreach (DealtLinearProtocol linear in dealt.Linear)
            yield return new MessageTransfer(linear.Answer, linear.ProductWork, linear.ElementWork);
    }

    private IEnumerable<MessageTransfer> Transfers(int step)
    {
        if (_program.FindComparison(step) is { } comparison)
            return comparison.DescribeServerChoices();
        return _program.FindSharedSign(step) is { } shared
            ? [new MessageTransfer(shared.Transfers, shared.ChoiceWork, shared.OfferWork)]
            : [new MessageTransfer(_program.NonLinear(step).Transfers, _program.NonLinear(step).ChoiceWork, _program.NonLinear(step).OfferWork)];
    }

    private IEnumerable<MessageTransfer> Tables(int step)
    {
        if (_program.FindComparison(step) is { } comparison)
            return comparison.DescribeClientChoices();
        return _program.FindSharedSign(step) is { } shared
            ? [new MessageTransfer(shared.Tables, shared.GarblingWork, shared.StoringWork)]
            : [new MessageTransfer(_program.NonLinear(step).Tables, _program.NonLinear(step).GarblingWork, _program.NonLinear(step).StoringWork)];
    }

    private IEnumerable<CostEvent> LocalSteps(int level)
    {
        for (int i = 0; i < _plan.Steps.Length; i++)
        {
            PlanStep step = _plan.Steps[i];
            if (Plan.LocalSteps.IsLocal(step) && _program.Schedule.LevelOf(step.Output) == level)
                yield return Work(i, Phase.Offline, Party.Client, Elements(step.Output));
        }
    }

    private IEnumerable<CostEvent> DescribeOnline()
    {
        for (int i = 0; i < _plan.Steps.Length; i++)
        {
            foreach (CostEvent happening in OnlineWaves.InTurn(_program.Schedule.Waves.StartingAt(i).Select(s => DescribeOnline(s, _plan.Steps[s]))))
                yield return happening;
        }
    }

    private IEnumerable<CostEvent> DescribeOnline(int index, PlanStep step) => step switch
    {
        InputStep => [new MessageTransfer(
            PlannedMessage.Create(index, Phase.Online, Party.Client, _program.InferHeader.Length), Elements(step.Output), Elements(step.Output))],
        ConvolutionStep => [Work(index, Phase.Online, Party.Server, _program.Linear(index).ProductWork)],
        _ when _program.FindComparison(index) is { } comparison => comparison.DescribeOnline(),
        NonLinearStep => DescribeOnline(index, _program.NonLinear(index)),
        SharedSignStep => DescribeOnline(index, _program.SharedSign(index)),
        PolynomialStep => _program.Polynomial(index, HasDealer).DescribeOnline(),
        RangeCheckStep => _program.RangeCheck!.DescribeOnline(),
        OutputStep => [new MessageTransfer(
            PlannedMessage.Create(index, Phase.Online, Party.Server, _program.ShareBytes(step.Output)), Elements(step.Output), Elements(step.Output))],
        _ => [Work(index, Phase.Online, Party.Server, Elements(step.Output))],
    };

    private static IEnumerable<CostEvent> DescribeOnline(int index, NonLinearProtocol protocol) =>
    [
        new MessageTransfer(protocol.Labels, protocol.SelectionWork, WorkCost.None),
        Work(index, Phase.Online, Party.Client, protocol.EvaluationWork),
        new MessageTransfer(protocol.Colors),
        Work(index, Phase.Online, Party.Server, protocol.DecodingWork),
    ];

    private static IEnumerable<CostEvent> DescribeOnline(int index, SharedSignProtocol protocol) =>
    [
        new MessageTransfer(protocol.Labels, protocol.SelectionWork, protocol.ElementWork),
        Work(index, Phase.Online, Party.Client, protocol.EvaluationWork),
        new MessageTransfer(protocol.Shares, protocol.ElementWork, protocol.ElementWork),
    ];

    private WorkCost Elements(int value) => WorkCost.Of(Primitive.HandledElement, _plan.Values[value].Count);

    private static LocalWork Work(int step, Phase phase, Party party, WorkCost work) => new(step, phase, party, work);

    private static PlannedMessage OfSession(Party sender, long bytes)
        => PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, sender, bytes);
}
