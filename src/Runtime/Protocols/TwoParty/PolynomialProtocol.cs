using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// A polynomial with public coefficients by one opening, from shared powers of a random element ("HoneyBadger" powers: Lu et
/// al., "HoneyBadgerMPC and AsynchroMix", CCS 2019, section 5.2; PILLAR/ESPN, section 4).
/// <para>
/// Let x = c + s with c the client's share, which it knows offline, and s the server's. The random element is u = c + t for a
/// uniform t of the server's: c is already uniform to the server, so the client has nothing to open, and x − u = s − t.
/// </para>
/// <list type="number">
/// <item>Offline, shares of u², u³, u⁴. Products of words of different parties come from correlated oblivious transfer
/// (Gilboa, "Two party RSA key generation", CRYPTO 1999, section 4.1): the client chooses with bit i of its word and gets a
/// pad of ℓ − i bits, plus the server's word where the bit is 1. With u^k = A_k + B_k: u² = A₁² + B₁² + 2·A₁B₁;
/// u³ = A₁A₂ + B₁B₂ + A₁B₂ + A₂B₁; u⁴ = A₂² + B₂² + 2·A₂B₂. The bits of A₁ choose among B₁ and B₂, those of A₂ among the same,
/// so there are ℓ transfers an element for degree 2 and 2ℓ for degrees 3 and 4. The server knows B₂ from its pads alone,
/// before it sends a correction. Work goes in batches, each with one exchange for A₁ and one for A₂, which bounds memory.</item>
/// <item>Online, the server opens δ = s − t, ℓ bits an element. Each party evaluates its share of
/// p(u + δ) = Σ q_j(δ)·u^j; q_0(δ) is the server's.</item>
/// <item>The client answers with its share less r, its share of the output chosen offline, ℓ bits an element.</item>
/// </list>
/// <para>
/// What is seen. The client: δ, uniform as t is; corrections, each padded by the hash of the key its bit did not choose (the
/// hash is circular correlation robust, as keys differ by Δ). The server: columns of transfers, masked by streams of which it
/// lacks one in each; and the answer, which it could compute from y − r and its own view, r being uniform and used once. t, r
/// and all powers are used once. The coefficients are public: they are in the plan.
/// </para>
/// </summary>
internal sealed class PolynomialProtocol
{
    /// <summary>Elements whose powers are made at a time: 16 MiB of transfers in a ring of 64 bits.</summary>
    public const int MaxBatch = 1 << 14;

    private const int SharesPerBlock = 2;

    private readonly int _step;

    public PolynomialProtocol(int step, PolynomialStep definition, ExecutionPlan plan)
    {
        _step = step;
        Ring = new Ring(plan.RingBits);
        Count = plan.Values[definition.Input].Count;
        Polynomial = new RingPolynomial(definition);
        Exchanges = Degree == 2 ? 1 : 2;
    }

    public Ring Ring { get; }

    public RingPolynomial Polynomial { get; }

    public int Degree => Polynomial.Degree;

    /// <summary>Elements.</summary>
    public int Count { get; }

    /// <summary>Exchanges a batch: one with the bits of A₁, for degrees above 2 one with those of A₂.</summary>
    public int Exchanges { get; }

    /// <summary>The batches: their first elements and their sizes.</summary>
    public IEnumerable<(int Start, int Count)> Batches
    {
        get
        {
            for (int start = 0; start < Count; start += MaxBatch)
                yield return (start, Math.Min(MaxBatch, Count - start));
        }
    }

    /// <summary>Offline, from the client: the oblivious transfers of a batch.</summary>
    public PlannedMessage Transfers(int count) => Message(Phase.Offline, Party.Client, CorrelatedOt.ReceiverBytes((long)count * Ring.Bits));

    /// <summary>Offline, from the server: the corrections that make a batch's transfers transfer its words.</summary>
    public PlannedMessage Corrections(int exchange, int count)
        => Message(Phase.Offline, Party.Server, CorrectionBytes(exchange, count));

    /// <summary>Of one product, transfer i of an element takes ℓ − i bits.</summary>
    public int CorrectionBytes(int exchange, int count) => PackedBits.ByteCount((long)count * Products(exchange) * Ring.Bits * (Ring.Bits + 1) / 2);

    /// <summary>Online, from the server: δ.</summary>
    public PlannedMessage Opening => Message(Phase.Online, Party.Server, ElementBytes);

    /// <summary>Online, from the client: its share of the result less its share of the output.</summary>
    public PlannedMessage Shares => Message(Phase.Online, Party.Client, ElementBytes);

    /// <summary>Words that an exchange's bits choose between: B₁ alone, or B₁ and B₂.</summary>
    public int Products(int exchange) => Math.Min(2, Degree - 1 - exchange);

    /// <summary>Tweaks of the hash that an exchange takes.</summary>
    public ulong Tweaks(int count) => (ulong)count * (ulong)PowerPads.Rounds(Ring.Bits);

    /// <summary>The client, offline: draws its share of the output.</summary>
    public WorkCost DrawWork => WorkCost.Stream(Count / SharesPerBlock);

    /// <summary>The client, while it sends <see cref="Transfers"/>.</summary>
    public WorkCost ChoiceWork(int count) => CorrelatedOt.ReceiverWork((long)count * Ring.Bits);

    /// <summary>The server, while it receives <see cref="Transfers"/>; it draws t once.</summary>
    public WorkCost OfferWork(int exchange, int count)
        => CorrelatedOt.SenderWork((long)count * Ring.Bits) + (exchange == 0 ? WorkCost.Stream(count / SharesPerBlock) : WorkCost.None);

    /// <summary>The server, while it sends <see cref="Corrections"/>: two pads a transfer.</summary>
    public WorkCost CorrectionWork(int exchange, int count) => PadWork(exchange, count, fillings: 2);

    /// <summary>The client, while it receives <see cref="Corrections"/>: one pad a transfer.</summary>
    public WorkCost CorrectedWork(int exchange, int count) => PadWork(exchange, count, fillings: 1);

    /// <summary>Either party, while it sends or receives something of each element.</summary>
    public WorkCost ElementWork => WorkCost.Of(Primitive.HandledElement, Count);

    /// <summary>Either party, online: evaluates its share from its powers; clears them.</summary>
    public WorkCost EvaluationWork => WorkCost.Of(Primitive.MultiplyAccumulate, (long)Count * Degree * (Degree + 3) / 2);

    /// <summary>What is kept for an inference. Client: the powers and the output share. Server: the powers.</summary>
    public PartyBytes Storage => new()
    {
        ClientBytes = (Degree + 1L) * Count * sizeof(ulong),
        ServerBytes = (long)Degree * Count * sizeof(ulong),
    };

    /// <summary>Transfers that a party holds at a time.</summary>
    public int BatchTransfers => checked(Math.Min(Count, MaxBatch) * Ring.Bits);

    private long ElementBytes => PackedBits.ByteCount((long)Count * Ring.Bits);

    private WorkCost PadWork(int exchange, int count, int fillings) => WorkCost.Stream(fillings * (long)Tweaks(count) * Lanes.Count)
        + WorkCost.Of(Primitive.HandledElement, (long)count * Products(exchange) * Ring.Bits);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);
}
