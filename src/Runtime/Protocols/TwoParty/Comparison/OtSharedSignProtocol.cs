using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Shared sign decisions by oblivious transfer: y_i = d·x_i for d = [decider ≥ 0], where one decision serves a group of elements.
/// <para>
/// The sign is that of <see cref="OtNonLinearProtocol"/>, one a decision: d = a ⊕ b ⊕ C for the top bits and the carry into them, opened as
/// o = d ⊕ δ for a random bit δ = δ_s ⊕ δ_c; an element that the plan turns has o ⊕ 1. With o' the element's,
/// d·w = o'·w + (1 − 2o')·δ·w, and δ·w = δ_s·w + δ_c·(1 − 2δ_s)·w for the server's share w of x, the other way round for the client's. One
/// correlated transfer a decision and direction: its messages are hashed to a pad for each element of the group
/// (<see cref="LabelPads"/>), corrected by ℓ bits an element; the client's offline, as it knows its share, the server's online.
/// </para>
/// <para>
/// Offline: transfers in which the server chooses, from the client; those in which the client chooses, from the server; corrections, ℓ bits
/// an element among them, from the client. Online as <see cref="OtNonLinearProtocol"/>, with ℓ bits an element from the server in its last flight,
/// and from the client, whose share of y less r it is. So it takes 2ℓ bits an element online, as by garbled circuit, and for a decision of m
/// bits some tens of bytes in the place of 48m.
/// </para>
/// <para>
/// What is seen: as there; no bit is opened but under its mask, and pads are those of messages of which the receiver has one, so
/// corrections are pseudorandom to it. Sizes are functions of the plan. Semi-honest, 128 bits. Random noise is not for this protocol.
/// </para>
/// </summary>
internal sealed class OtSharedSignProtocol : IComparisonProtocol
{
    private const int SharesPerBlock = 2;

    private readonly int _step;
    private readonly SharedSignStep _definition;

    public OtSharedSignProtocol(int step, SharedSignStep definition, ExecutionPlan plan, SilentTransferSizes sizes)
    {
        _step = step;
        _definition = definition;
        Ring = new Ring(plan.RingBits);
        Circuit = CircuitOf(definition);
        Groups = new DecisionGroups(definition.Groups.Expand(), plan.Values[definition.Decision].Count);
        Pads = new LabelPads(Groups, Ring);
        Words = BitPlanes.WordsFor(Groups.Decisions);
        ServerChosen = new SlicedTransfers(sizes.ServerChooses, Circuit.ServerChoices + 1, Words);
        ClientChosen = new SlicedTransfers(sizes.ClientChooses, Circuit.ClientChoices + 1, Words);
    }

    public Ring Ring { get; }

    public CarryCircuit Circuit { get; }

    public DecisionGroups Groups { get; }

    public LabelPads Pads { get; }

    /// <summary>m.</summary>
    public int DecisionBits => _definition.DecisionBits;

    /// <summary>Words a plane of bits; decisions come in groups of 64.</summary>
    public int Words { get; }

    /// <summary>Transfers in which the server chooses; the last of a decision is that of its elements.</summary>
    public SlicedTransfers ServerChosen { get; }

    /// <summary>Transfers in which the client chooses; the last of a decision is that of its elements.</summary>
    public SlicedTransfers ClientChosen { get; }

    /// <summary>Offline, from the client.</summary>
    public PlannedMessage ServerChoices => Message(Phase.Offline, Party.Client, ServerChosen.Bytes);

    /// <summary>Offline, from the server: a bit for each pair of bits besides.</summary>
    public PlannedMessage ClientChoices => Message(Phase.Offline, Party.Server, ClientChosen.Bytes + PlaneBytes(Circuit.Pairs));

    /// <summary>Offline, from the client: of the digits' products and of the elements.</summary>
    public PlannedMessage Corrections => Message(Phase.Offline, Party.Client, PlaneBytes(Circuit.DigitProducts) + ElementBytes);

    /// <summary>Online, from the server: its masked bits at first, then openings, at last a correction.</summary>
    public PlannedMessage ServerFlight(int flight) => Message(
        Phase.Online, Party.Server, PlaneBytes(Circuit.OpenedBits(Circuit.ServerOpenings(flight)) + (flight == 0 ? DecisionBits - 1 : 0)) + (Circuit.IsLast(flight) ? ElementBytes : 0));

    /// <summary>Online, from the client: openings, at last its share.</summary>
    public PlannedMessage ClientFlight(int flight) => Message(
        Phase.Online, Party.Client, PlaneBytes(Circuit.OpenedBits(Circuit.ClientOpenings(flight))) + (Circuit.IsLast(flight) ? ElementBytes : 0));

    /// <inheritdoc/>
    public int BatchTransfers => Math.Max(ServerChosen.Largest, ClientChosen.Largest);

    /// <inheritdoc/>
    public WorkCost DrawWork => WorkCost.Stream(Groups.Elements / SharesPerBlock);

    /// <inheritdoc/>
    public PartyBytes Storage => new()
    {
        ClientBytes = PlaneBytes(Circuit.DigitProducts + Circuit.TripleBits + DecisionBits + 1) + (4L * Groups.Elements * sizeof(ulong)),
        ServerBytes = PlaneBytes(Circuit.DigitProducts + Circuit.DigitTransfers + Circuit.TripleBits + 1) + (3L * Groups.Elements * sizeof(ulong)),
    };

    /// <summary>Transfers of the step's calls of silent oblivious transfer, by who chooses.</summary>
    public static (long ServerChooses, long ClientChooses) Calls(SharedSignStep step, ExecutionPlan plan)
    {
        long decisions = step.ReluCount(plan);
        return ((CircuitOf(step).ServerChoices + 1) * decisions, (CircuitOf(step).ClientChoices + 1) * decisions);
    }

    /// <summary>1 where an element gets the opposite of its decision.</summary>
    public ulong Turned(int element) => _definition.Turned.IsEmpty ? 0 : PackedBits.Bit(_definition.Turned.AsSpan(), element) & 1;

    /// <inheritdoc/>
    public IEnumerable<MessageTransfer> DescribeServerChoices() => [new(ServerChoices, ServerChosen.Work(2) + PadWork(2), ServerChosen.Work(1) + PadWork(1))];

    /// <inheritdoc/>
    public IEnumerable<MessageTransfer> DescribeClientChoices() => [new(ClientChoices, ClientChosen.Work(2) + PadWork(2), ClientChosen.Work(1) + PadWork(1))];

    /// <inheritdoc/>
    public IEnumerable<MessageTransfer> DescribeCorrections() => [new(Corrections, DecisionWork(2) + ElementWork(1), DecisionWork(1) + ElementWork(1))];

    /// <inheritdoc/>
    public IEnumerable<CostEvent> DescribeOnline()
    {
        for (int flight = 0; flight < Circuit.Flights; flight++)
        {
            WorkCost elements = ElementWork(Circuit.IsLast(flight) ? 2 : 0);
            yield return new MessageTransfer(ServerFlight(flight), DecisionWork(flight == 0 ? 5 : 2) + elements, DecisionWork(2) + elements);
            yield return new MessageTransfer(ClientFlight(flight), DecisionWork(2) + elements, DecisionWork(2) + elements);
        }
    }

    /// <inheritdoc/>
    public IComparisonClient CreateClient() => new OtSharedSignClient(this);

    /// <inheritdoc/>
    public IComparisonServer CreateServer() => new OtSharedSignServer(this);

    private static CarryCircuit CircuitOf(SharedSignStep step) => new(middle: 0, step.DecisionBits - 1, opensTop: true);

    private WorkCost PadWork(int fillings) => WorkCost.Stream(fillings * (long)Pads.Tweaks * Lanes.Count) + ElementWork(1);

    private WorkCost DecisionWork(int words) => WorkCost.Of(Primitive.HandledElement, (long)words * Groups.Decisions);

    private WorkCost ElementWork(int words) => WorkCost.Of(Primitive.HandledElement, (long)words * Groups.Elements);

    private long ElementBytes => PackedBits.ByteCount((long)Groups.Elements * Ring.Bits);

    private long PlaneBytes(int planes) => (long)planes * Words * sizeof(ulong);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);
}
