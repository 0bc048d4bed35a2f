using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Shared sign decisions: y = b·x for b = [d ≥ 0], where one decision serves a group of elements. A garbled circuit of m − 1
/// ANDs computes the decision and nothing else; two oblivious transfers whose messages are hashes of labels multiply it.
/// <para>
/// The output wire's label has a colour k, which the evaluating client sees, and b = k ⊕ p for the garbler's permute bit p,
/// which the server knows offline. With x = x_c + x_s, x_c known to the client offline and x_s to the server online,
/// y = [p·x_s + p·x_c] + k·[(1 − 2p)·x_s − 2·p·x_c] + k·x_c.
/// </para>
/// <list type="number">
/// <item>Offline, w = p·x_c + v: a correlated oblivious transfer (<see cref="CorrelatedOt"/>) with the server's choice p; here
/// the client is the sender. One a decision; each element's message is hashed from it under its own
/// tweak, and costs a correction of ℓ bits. The server holds w, the client v.</item>
/// <item>Online, the second term: k selects between the two hashed labels of the output wire, K and K ⊕ Δ, of which the
/// client has one. The server sends τ = H(K) − H(K ⊕ Δ) + (1 − 2p)·x_s − 2w, ℓ bits an element, with its input labels; the
/// client gets e = H(K) + k·((1 − 2p)·x_s − 2w).</item>
/// <item>The client answers δ = e + k·x_c − (1 − 2k)·v − r, and the server adds p·x_s + w − H(K): its share y − r.</item>
/// </list>
/// <para>
/// What is seen. The client: tables and labels as in any garbled circuit; a colour that p masks; the columns that transfer p,
/// masked by streams of which it lacks one in each; and τ, padded by the hash of the label it does not hold (the hash is
/// circular correlation robust, as labels differ by Δ). The server: corrections padded by the hash of the key that p did not
/// choose, so that w is uniform in v; and δ, which it could compute from y − r and its own view, r being uniform and used
/// once. Neither b nor any value is opened.
/// </para>
/// <para>
/// The opposite decision, for elements that the plan names, is p ⊕ 1 in the place of p: it costs nothing. With random noise
/// (<see cref="NoiseProtocol"/>) each element has a label of its own, the exclusive or of its decision's and its noise's, and
/// so a transfer of its own with which the server chooses: four bytes an element besides the noise's.
/// </para>
/// </summary>
internal sealed class SharedSignProtocol
{
    private const int SharesPerBlock = 2;

    private readonly int _step;

    public SharedSignProtocol(int step, SharedSignStep definition, ExecutionPlan plan)
    {
        _step = step;
        DecisionBits = definition.DecisionBits;
        Circuit = SignCircuit.Create(DecisionBits);
        Ring = new Ring(plan.RingBits);
        Groups = new DecisionGroups(definition.Groups.Expand(), plan.Values[definition.Decision].Count);
        Turned = definition.Turned;
        Noise = definition.Noise is { } noise ? new NoiseProtocol(noise, Groups.Elements) : null;
        Labelled = Noise is null ? Groups : DecisionGroups.Separate(Groups.Elements);
        Pads = new LabelPads(Labelled, Ring);
    }

    /// <summary>Offline, from the client: the oblivious transfer of the labels of its deciding shares.</summary>
    public PlannedMessage Transfers => Message(Phase.Offline, Party.Client, CorrelatedOt.ReceiverBytes(DecisionInputs) + (Noise?.TransferBytes ?? 0));

    /// <summary>Offline, from the server: the tables, then the oblivious transfer in which it chooses the permute bits.</summary>
    public PlannedMessage Tables => Message(
        Phase.Offline,
        Party.Server,
        HalfGates.TableBytes(Circuit, Groups.Decisions) + (Noise?.TableBytes ?? 0) + CorrelatedOt.ReceiverBytes(Labelled.Decisions));

    /// <summary>Offline, from the client: the corrections that make the server's choices choose its shares, ℓ bits an element.</summary>
    public PlannedMessage Corrections => Message(Phase.Offline, Party.Client, ElementBytes);

    /// <summary>Online, from the server: the labels of its deciding shares, then τ, ℓ bits an element.</summary>
    public PlannedMessage Labels => Message(Phase.Online, Party.Server, HalfGates.GarblerLabelBytes(Circuit, Groups.Decisions) + ElementBytes);

    /// <summary>Online, from the client: δ, ℓ bits an element.</summary>
    public PlannedMessage Shares => Message(Phase.Online, Party.Client, ElementBytes);

    /// <summary>The client, offline: draws its share of the output.</summary>
    public WorkCost DrawWork => WorkCost.Stream(Groups.Elements / SharesPerBlock);

    /// <summary>The client, while it sends <see cref="Transfers"/>.</summary>
    public WorkCost ChoiceWork => CorrelatedOt.ReceiverWork(DecisionInputs) + (Noise?.ChoiceWork ?? WorkCost.None);

    /// <summary>The server, while it receives <see cref="Transfers"/>.</summary>
    public WorkCost OfferWork => CorrelatedOt.SenderWork(DecisionInputs) + (Noise?.OfferWork ?? WorkCost.None);

    /// <summary>The server, while it sends <see cref="Tables"/>: three pads an element besides.</summary>
    public WorkCost GarblingWork => HalfGates.GarblingWork(Circuit, Groups.Decisions)
        + (Noise?.GarblingWork ?? WorkCost.None) + CorrelatedOt.ReceiverWork(Labelled.Decisions) + PadWork(3);

    /// <summary>The client, while it receives <see cref="Tables"/>.</summary>
    public WorkCost StoringWork => WorkCost.Of(Primitive.StoredByte, HalfGates.TableBytes(Circuit, Groups.Decisions))
        + (Noise?.EvaluationWork ?? WorkCost.None) + CorrelatedOt.SenderWork(Labelled.Decisions);

    /// <summary>The client, while it sends <see cref="Corrections"/>.</summary>
    public WorkCost CorrectionWork => PadWork(2);

    /// <summary>Either party, while it sends or receives something of each element.</summary>
    public WorkCost ElementWork => WorkCost.Of(Primitive.HandledElement, Groups.Elements);

    /// <summary>The server, while it sends <see cref="Labels"/>.</summary>
    public WorkCost SelectionWork => HalfGates.SelectionWork(Circuit, Groups.Decisions) + ElementWork;

    /// <summary>The client, between <see cref="Labels"/> and <see cref="Shares"/>.</summary>
    public WorkCost EvaluationWork => HalfGates.EvaluationWork(Circuit, Groups.Decisions) + PadWork(1)
        + WorkCost.Of(Primitive.ReleasedByte, Storage.ClientBytes + HalfGates.GarblerLabelBytes(Circuit, Groups.Decisions));

    /// <summary>What is kept for an inference. Client: tables, labels, one more an element with noise, two words an element. Server: a seed, permute bits, three words an element.</summary>
    public PartyBytes Storage => new()
    {
        ClientBytes = HalfGates.TableBytes(Circuit, Groups.Decisions) + ((long)DecisionInputs * Block.Size) + (Noise?.ClientBytes ?? 0) + (2L * Groups.Elements * sizeof(ulong)),
        ServerBytes = Block.Size + PackedBits.ByteCount(Labelled.Decisions) + (3L * Groups.Elements * sizeof(ulong)),
    };

    /// <summary>m.</summary>
    public int DecisionBits { get; }

    /// <summary>The circuit of one decision.</summary>
    public Circuit Circuit { get; }

    public Ring Ring { get; }

    public DecisionGroups Groups { get; }

    /// <summary>Which elements share a label: those that share a decision; with noise, none.</summary>
    public DecisionGroups Labelled { get; }

    /// <summary>The noise; null without.</summary>
    public NoiseProtocol? Noise { get; }

    /// <summary>Packed bits: the elements with the opposite decision; empty for none.</summary>
    private ImmutableArray<byte> Turned { get; }

    public LabelPads Pads { get; }

    /// <summary>Labels the client needs for its deciding shares.</summary>
    public int DecisionInputs => checked(Groups.Decisions * DecisionBits);

    /// <summary>Labels the client needs: for its deciding shares, and for its noise.</summary>
    public int ClientInputs => checked(DecisionInputs + (Noise?.ClientInputs ?? 0));

    /// <summary>All bits 1 where an element gets the opposite of its decision.</summary>
    public ulong TurnMask(int element) => Turned.IsEmpty ? 0 : 0 - (PackedBits.Bit(Turned.AsSpan(), element) & 1);

    /// <summary>The labels by which elements are selected: the decisions', each element's with that of its noise.</summary>
    public void Combine(ReadOnlySpan<Block> decisions, ReadOnlySpan<Block> noise, Span<Block> labels)
    {
        if (noise.IsEmpty)
        {
            decisions.CopyTo(labels);
            return;
        }

        ReadOnlySpan<int> decisionOf = Groups.DecisionOf;
        for (int i = 0; i < labels.Length; i++)
            labels[i] = decisions[decisionOf[i]] ^ noise[i];
    }

    private long ElementBytes => PackedBits.ByteCount((long)Groups.Elements * Ring.Bits);

    private WorkCost PadWork(int fillings) => WorkCost.Stream(fillings * (long)Pads.Tweaks * Lanes.Count) + ElementWork;

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);
}
