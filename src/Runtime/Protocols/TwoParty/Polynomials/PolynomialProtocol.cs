using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// A polynomial with public coefficients by one opening, from shared powers of a random element ("HoneyBadger" powers: Lu et
/// al., "HoneyBadgerMPC and AsynchroMix", CCS 2019, section 5.2; PILLAR/ESPN, section 4), with faithful division by powers of
/// two before and after it.
/// <para>
/// Let x = c + s in the plan's ring Z_2^ℓ, with c the client's share, which it knows offline, and s the server's. Powers live in a ring
/// of their own, Z_2^k: products are as wide as the degree makes them, while everything linear pays for each of its ℓ bits.
/// <see cref="SharedShift"/> turns the low m bits of c and s into C and S of Z_2^k with x/2^f = C + S + 2^(m−f)·γσ, γ a bit that the client
/// knows offline, σ one that the server knows online. Either m = ℓ and k ≤ ℓ − f, so that the last term is 0 modulo 2^k, or m is a bit
/// more than the analysis guarantees for x, which makes C short. The random element is u = C + t for a uniform t of
/// the server's: the client has nothing to open, and the server opens δ = S − t and, with a random bit τ, β = σ ⊕ τ. With z = u + δ,
/// p(x/2^f) = p(z) + γσ·D(z), D(z) = p(z + 2^(m−f)) − p(z), because γσ is 0 or 1, and γσ = β·γ + (1 − 2β)·τγ.
/// </para>
/// <list type="number">
/// <item>Offline, shares of u², …, u^d, modulo 2^k (<see cref="PowerSchedule"/>), and of γ·u^j and τγ·u^j, j &lt; d, modulo 2^(k−m+f): D's
/// coefficients are multiples of 2^(m−f), as h divides (z + h)^j − z^j, and 2^(m−f) times a number modulo 2^k takes the number modulo
/// 2^(k−m+f). Where they come from is <see cref="PolynomialTransferClient{TWord}"/>'s and <see cref="PolynomialTransferServer{TWord}"/>'s business;
/// this class states those messages, too.</item>
/// <item>Online, the server opens δ and β. Each party evaluates its share of p(u + δ) + γσ·D(u + δ), linear in the shares above;
/// the polynomial's constant is the server's.</item>
/// <item>Each divides its share by 2^g, out of Z_2^k and into Z_2^ℓ (<see cref="SharedShift"/> again), and the client answers with its own
/// less r, its share of the output chosen offline. Where ℓ &gt; k − g, the halves lack 2^(k−g)·γ'σ', γ' a bit of the client and σ' of the
/// server. Offline, shares B and A of ρτ' of ℓ − (k − g) bits for random bits ρ of the client and τ' of the server; the server, which knows its
/// whole share before it opens anything, sends β' = σ' ⊕ τ' along, and the client α = γ' ⊕ ρ with its answer. As γ' = α + (1 − 2α)ρ
/// and σ' = β' + (1 − 2β')τ', γ'σ' is ασ' + (1 − 2α)(1 − 2β')·A at the server and (1 − 2α)·(β'ρ + (1 − 2β')·B) at the client.</item>
/// </list>
/// <para>
/// Online bits an element: k from the server and ℓ from the client; where the input's halves lack a wrap, one more from the server;
/// where the output's do, one more from each. Always one flight each way.
/// </para>
/// <para>
/// What is seen. The client: δ, uniform as t is; β and β', uniform as τ and τ' are; corrections, each padded by the hash of the key
/// its bit did not choose (the hash is circular correlation robust, as keys differ by Δ); τ and τ', each
/// masked by a transfer's random choice. The server: the client's choices and corrections likewise; α, uniform as
/// ρ is; and the answer, uniform as r is. All of these are used once. The coefficients are public:
/// they are in the plan.
/// </para>
/// </summary>
internal sealed class PolynomialProtocol : IPolynomialProtocol
{
    private const int SharesPerBlock = 2;

    private readonly int _step;

    public PolynomialProtocol(int step, PolynomialStep definition, ExecutionPlan plan)
    {
        _step = step;
        Ring = new Ring(plan.RingBits);
        PowerBits = definition.PowerBits(plan);
        PlanValue input = plan.Values[definition.Input];
        Count = input.Count;
        Definition = definition;
        InputShift = SharedShift.Narrowest(Ring.Bits, definition.InputShift, PowerBits, input.Bits);
        OutputShift = new SharedShift(PowerBits, definition.OutputShift, Ring.Bits);
        Exchanges = PowerSchedule.Exchanges(Degree);
    }

    /// <summary>The step's index in the plan.</summary>
    public int Step => _step;

    /// <summary>Z_2^ℓ: the plan's, of inputs and outputs.</summary>
    public Ring Ring { get; }

    /// <summary>k.</summary>
    public int PowerBits { get; }

    /// <summary>Whether powers take words of 128 bits.</summary>
    public bool IsWide => PowerBits > Words.NarrowBits;

    /// <summary>Words of 64 bits that hold a power.</summary>
    public int WordsPerPower => IsWide ? 2 : 1;

    /// <summary>Multiplications of 64 bits in one of powers: modulo 2^128 three, and their sums.</summary>
    public int ProductsPerWord => IsWide ? 4 : 1;

    public PolynomialStep Definition { get; }

    /// <summary>Division by 2^f, from Z_2^ℓ to Z_2^k.</summary>
    public SharedShift InputShift { get; }

    /// <summary>Division by 2^g, from Z_2^k to Z_2^ℓ.</summary>
    public SharedShift OutputShift { get; }

    public int Degree => Definition.Degree;

    /// <summary>Elements.</summary>
    public int Count { get; }

    /// <summary>Exchanges a batch, numbered from 1: exchange i with the bits of A_i.</summary>
    public int Exchanges { get; }

    /// <summary>Whether the server chooses in transfers.</summary>
    public bool NeedsChoices => ChoicesPerElement > 0;

    /// <summary>τ, τ', both or none.</summary>
    public int ChoicesPerElement => (InputShift.Wraps ? 1 : 0) + (OutputShift.Wraps ? 1 : 0);

    /// <summary>
    /// Online, from the server: β, β', δ, by the thousand (<see cref="ShareMessages.Pieces"/>), each piece as soon as the server has evaluated
    /// its share of it.
    /// </summary>
    public PlannedMessage Opening => Message(Phase.Online, Party.Server, ElementBytes(PowerBits) + (ChoicesPerElement * ElementBytes(1)));

    /// <summary>
    /// Online, from the client: its share of the result less its share of the output; α. Each piece is sent while the opening's next
    /// arrives.
    /// </summary>
    public PlannedMessage Shares => Message(Phase.Online, Party.Client, ElementBytes(Ring.Bits) + (OutputShift.Wraps ? ElementBytes(1) : 0));

    /// <summary>Offline, from the client: makes γ choose in a batch's transfers.</summary>
    public PlannedMessage Signs(int count) => Message(Phase.Offline, Party.Client, ChosenChoice.ReceiverBytes(count));

    /// <summary>Offline, from the client: makes the bits of A_i choose in a batch's transfers.</summary>
    public PlannedMessage Transfers(int exchange, int count)
        => Message(Phase.Offline, Party.Client, ChosenChoice.ReceiverBytes(ProductsOf(exchange).Transfers(count)));

    /// <summary>Offline, from the server: the corrections that make a batch's transfers transfer its words.</summary>
    public PlannedMessage Corrections(int exchange, int count) => Message(Phase.Offline, Party.Server, ProductsOf(exchange).CorrectionBytes(count));

    /// <summary>
    /// Offline, from the server: corrections that make γ choose between 0 and its shares of u^j, and what makes τ and τ' choose.
    /// </summary>
    public PlannedMessage SignCorrections(int count) => Message(Phase.Offline, Party.Server, SignProducts.CorrectionBytes(count) + ChosenChoice.ReceiverBytes(Choices(count)));

    /// <summary>Offline, from the client: corrections that make τ choose between 0 and its shares of γ·u^j, and τ' between 0 and ρ.</summary>
    public PlannedMessage ChoiceCorrections(int count)
        => Message(Phase.Offline, Party.Client, ChoiceProducts.CorrectionBytes(count) + OutputProducts.CorrectionBytes(count));

    /// <summary>The products of A_i with some B_b (<see cref="PowerSchedule"/>).</summary>
    public GilboaProducts ProductsOf(int exchange)
    {
        (int first, int last) = PowerSchedule.Offered(exchange, Degree);
        return new GilboaProducts(ChoiceBits(exchange), last - first + 1, PowerBits);
    }

    /// <summary>γ·u^j.</summary>
    public BitProducts SignProducts => new(Degree - 1, InputShift.WrapBits);

    /// <summary>τγ·u^j.</summary>
    public BitProducts ChoiceProducts => new(Degree, InputShift.WrapBits);

    /// <summary>ρτ'.</summary>
    public BitProducts OutputProducts => new(1, OutputShift.WrapBits);

    /// <summary>Bits of A_i as a signed number: C may have fewer than others.</summary>
    public int ChoiceBits(int exchange) => exchange == 1 ? Math.Min(PowerBits, InputShift.HalfBits) : PowerBits;

    /// <summary>Transfers of a batch in which the server chooses.</summary>
    public int Choices(int count) => ChoicesPerElement * count;

    /// <summary>The client, offline: draws its share of the output.</summary>
    public WorkCost DrawWork => WorkCost.Stream(Count / SharesPerBlock);

    /// <summary>Transfers of a batch in which the client chooses: with γ, then with the bits of A_1, A_2, ….</summary>
    public int ClientChoices(int count)
        => checked(count * ((InputShift.Wraps ? 1 : 0) + Enumerable.Range(1, Exchanges).Sum(ChoiceBits)));

    public int ServerChoices(int count) => Choices(count);

    public IPolynomialClient CreateClient(ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) => IsWide
        ? new PolynomialClient<UInt128>(this, inputShare, outputShare)
        : new PolynomialClient<ulong>(this, inputShare, outputShare);

    public IPolynomialServer CreateServer() => IsWide ? new PolynomialServer<UInt128>(this) : new PolynomialServer<ulong>(this);

    /// <summary>What is kept for an inference: powers, wraps; output choices and products; the client's output share, the server's input choices.</summary>
    public PartyBytes Storage
    {
        get
        {
            long common = ((InputShift.Wraps ? 3 : 1) * Degree * WordsPerPower) + (OutputShift.Wraps ? 2 : 0);
            return new PartyBytes { ClientBytes = (common + 1) * Count * sizeof(ulong), ServerBytes = (common + (InputShift.Wraps ? 1 : 0)) * Count * sizeof(ulong) };
        }
    }

    /// <summary>
    /// The offline messages of a batch in order, with the work around them; the transfers are there already
    /// (<see cref="PolynomialPreparation"/>).
    /// </summary>
    public IEnumerable<MessageTransfer> DescribeBatch(int count)
    {
        if (InputShift.Wraps)
            yield return new MessageTransfer(Signs(count), ChoiceWork(count), ChoiceWork(count));
        for (int i = 1; i <= Exchanges; i++)
        {
            GilboaProducts products = ProductsOf(i);
            WorkCost choices = products.ChoiceWork(count), draw = i == 1 ? WorkCost.Stream(count * WordsPerPower / SharesPerBlock) : WorkCost.None;
            yield return new MessageTransfer(Transfers(i, count), choices, choices + draw);
            yield return new MessageTransfer(Corrections(i, count), products.OfferWork(count), products.ChooseWork(count));
        }

        if (!NeedsChoices)
            yield break;
        WorkCost wraps = WorkCost.Of(Primitive.HandledElement, 2L * count * Degree * WordsPerPower);
        yield return new MessageTransfer(SignCorrections(count), wraps + ChoiceWork(Choices(count)), wraps + ChoiceWork(Choices(count)));
        yield return new MessageTransfer(ChoiceCorrections(count), wraps, wraps);
    }

    /// <summary>The online messages in order, with the work around them.</summary>
    public IEnumerable<CostEvent> DescribeOnline()
    {
        WorkCost elements = WorkCost.Of(Primitive.HandledElement, Count), powers = WorkCost.Of(Primitive.HandledElement, (long)Count * WordsPerPower);
        WorkCost evaluation = WorkCost.Of(Primitive.MultiplyAccumulate, (long)Count * Degree * (Degree + 3) / 2 * ProductsPerWord * (InputShift.Wraps ? 2 : 1));
        yield return new MessageTransfer(Opening, powers + evaluation, powers + evaluation + elements);
        yield return new MessageTransfer(Shares, WorkCost.None, elements) { AnswerTo = Opening, AnswerPieces = ShareMessages.Pieces(Count).Count() };
    }

    // A bit of a transfer, packed or applied.
    private static WorkCost ChoiceWork(long transfers) => WorkCost.Of(Primitive.HandledElement, transfers);

    private long ElementBytes(int bits) => PackedBits.ByteCount((long)Count * bits);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);
}
