using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// A polynomial by the binomial theorem (PILLAR/ESPN, section 4.2, "binomial products": each party raises its own share to powers, and
/// only the products between parties take a protocol). With the halves C of the client, known offline, and S of the server, p(C + S) =
/// Σ C^j·q_j(S), q_j(S) = Σ_i a_i·(i over j)·S^(i−j): q_0 is the server's, q_d = a_d is public, and d − 1 products remain.
/// <list type="number">
/// <item>Offline, shares of C^j·t_j for random t_j of the server, from transfers in which the bits of C^j choose
/// (<see cref="GilboaProducts"/>): few bits for low powers of a short C.</item>
/// <item>Online, the server opens q_j(S) − t_j. The client's share of the result is a_d·C^d + Σ (C^j·(q_j − t_j) + its shares), the server's
/// q_0 + Σ its shares, which it knows before it opens anything; the division and the answer are those of <see cref="PolynomialProtocol"/>.</item>
/// </list>
/// <para>
/// Online bits an element: k(d − 1) from the server, ℓ from the client, and the bits for the output's wrap. One flight each way. The
/// input's halves must lack no wrap (<see cref="Supports"/>): C and S would not add up to x. So the ring of the powers is no larger than the
/// plan's, and words have 64 bits.
/// </para>
/// <para>
/// What is seen. The client: q_j − t_j, uniform as t_j is; corrections, each padded by the hash of the key that its bit did not choose. The
/// server: C^j's bits, each masked by a random choice; the answer, uniform as r is. All of them are used once.
/// </para>
/// </summary>
internal sealed class BinomialProtocol : IPolynomialProtocol
{
    private const int SharesPerBlock = 2;

    public BinomialProtocol(int step, PolynomialStep definition, ExecutionPlan plan)
    {
        Polynomial = new RingPolynomial<ulong>(definition);
        Base = new PolynomialProtocol(step, definition with { Degree = 1, Inner = 1, Coefficients = [0, 1] }, plan);
    }

    public RingPolynomial<ulong> Polynomial { get; }

    /// <summary>x alone, whose division is used.</summary>
    public PolynomialProtocol Base { get; }

    /// <summary>d − 1: products of C, C², ….</summary>
    public int Products => Polynomial.Degree - 1;

    public int Step => Base.Step;

    public int Count => Base.Count;

    public WorkCost DrawWork => Base.DrawWork;

    /// <summary>Z_2^k.</summary>
    public Ring PowerRing => new(Base.PowerBits);

    public PartyBytes Storage => PartyBytes.Add(Base.Storage, new PartyBytes
    {
        ClientBytes = (long)Products * Count * sizeof(ulong),
        ServerBytes = 2L * Products * Count * sizeof(ulong),
    });

    /// <summary>Online, from the server: q_j − t_j, β'.</summary>
    public PlannedMessage Opening
        => Message(Phase.Online, Party.Server, (Products * PackedBits.ByteCount((long)Count * PowerRing.Bits)) + (Base.OutputShift.Wraps ? PackedBits.ByteCount(Count) : 0));

    /// <summary>Whether the halves of a step's input add up to it.</summary>
    public static bool Supports(PolynomialStep step, ExecutionPlan plan)
        => step.Degree >= PolynomialStep.MinDegree && !new PolynomialProtocol(0, step, plan).InputShift.Wraps;

    /// <summary>Offline, from the client: makes the bits of all C^j choose.</summary>
    public PlannedMessage Choices(int count)
        => Message(Phase.Offline, Party.Client, Exponents.Sum(j => ChosenChoice.ReceiverBytes(ProductsOf(j).Transfers(count))));

    /// <summary>Offline, from the server: corrections of all products.</summary>
    public PlannedMessage Corrections(int count) => Message(Phase.Offline, Party.Server, Exponents.Sum(j => (long)ProductsOf(j).CorrectionBytes(count)));

    /// <summary>The product of C^j.</summary>
    public GilboaProducts ProductsOf(int j) => new(Math.Min(j * Base.ChoiceBits(1), PowerRing.Bits), Factors: 1, PowerRing.Bits);

    public int ClientChoices(int count) => checked(Base.ClientChoices(count) + Exponents.Sum(j => ProductsOf(j).Transfers(count)));

    public int ServerChoices(int count) => Base.ServerChoices(count);

    public IEnumerable<MessageTransfer> DescribeBatch(int count)
    {
        WorkCost Sum(Func<GilboaProducts, WorkCost> work) => Exponents.Select(ProductsOf).Aggregate(WorkCost.None, (sum, p) => sum + work(p));

        WorkCost choices = Sum(p => p.ChoiceWork(count)), draw = WorkCost.Stream((long)count * Products / SharesPerBlock);
        yield return new MessageTransfer(Choices(count), choices, choices + draw);
        yield return new MessageTransfer(Corrections(count), Sum(p => p.OfferWork(count)), Sum(p => p.ChooseWork(count)));
        foreach (MessageTransfer transfer in Base.DescribeBatch(count))
            yield return transfer;
    }

    public IEnumerable<CostEvent> DescribeOnline()
    {
        WorkCost elements = WorkCost.Of(Primitive.HandledElement, (long)Count * Products);
        WorkCost evaluation = WorkCost.Of(Primitive.MultiplyAccumulate, (long)Count * (Products + 1) * (Products + 2) / 2);
        yield return new LocalWork(Step, Phase.Online, Party.Server, evaluation);
        yield return new MessageTransfer(Opening, elements, elements);
        yield return new LocalWork(Step, Phase.Online, Party.Client, evaluation);
        yield return new MessageTransfer(Base.Shares, elements, elements);
    }

    public IPolynomialClient CreateClient(ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) => new BinomialClient(this, inputShare, outputShare);

    public IPolynomialServer CreateServer() => new BinomialServer(this);

    private IEnumerable<int> Exponents => Enumerable.Range(1, Products);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(Step, phase, sender, bytes);
}
