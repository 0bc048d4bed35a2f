using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// A polynomial by squares and products of shares (Beaver, "Efficient multiparty protocols using circuit randomization", CRYPTO 1991),
/// after x and x² have come as <see cref="PolynomialProtocol"/> has them for degree 2. Only products with a coefficient are made
/// (<see cref="BeaverSchedule"/>): a fit of degree 4 to a ReLU on a symmetric interval has none at x³, and takes two products of
/// words of different parties instead of four.
/// <para>
/// Let X = X_c + X_s and Y = Y_c + Y_s. With random words a of the client, b of the server, and openings E_X = X_c − a_X, D_X = X_s − b_X,
/// X_c·Y_s = X_c·D_Y + E_X·b_Y + a_X·b_Y: the client computes the first term, the server the second, and they have shares of the third.
/// So XY is X_c·Y_c + X_c·D_Y + Y_c·D_X and its shares at the client, X_s·Y_s + E_X·b_Y + E_Y·b_X and its shares at the server. A factor is
/// opened once, whatever it is multiplied with.
/// </para>
/// <list type="number">
/// <item>Offline, what <see cref="PolynomialProtocol"/> prepares for degree 2; and shares of a_X·b_Y, from random transfers whose choices
/// are the bits of a_X (<see cref="GilboaProducts"/>), one message from the server.</item>
/// <item>Online, the server, which then knows its shares of x and x², opens δ, β, and D of those that are factors. The client knows its
/// shares up to x⁴ and opens E of all factors. If x³ or x⁴ is a factor or the result is divided, the server opens D of
/// these and β', and the client answers; otherwise the answer goes with E.</item>
/// </list>
/// <para>
/// Online bits an element: k(1 + first factors) and k·second factors from the server, k·factors and ℓ from the client, and the bits for wraps
/// of <see cref="PolynomialProtocol"/>. One flight each way, or two.
/// </para>
/// <para>
/// What is seen besides what <see cref="PolynomialProtocol"/> shows: D_X, uniform as b_X is, by the client; E_X, uniform as a_X is, by the
/// server; corrections, each padded by the hash of the key that its bit did not choose. All of them are used once.
/// </para>
/// </summary>
internal sealed class BeaverProtocol : IPolynomialProtocol
{
    private const int SharesPerBlock = 2;

    public BeaverProtocol(int step, PolynomialStep definition, ExecutionPlan plan)
    {
        Definition = definition;
        Schedule = new BeaverSchedule(definition);
        Base = new PolynomialProtocol(step, definition with { Degree = 2, Inner = 1, Coefficients = [0, 0, 1] }, plan);
        HasSecondFlight = Base.OutputShift.Wraps || Schedule.SecondFactors.Any();
    }

    public PolynomialStep Definition { get; }

    public BeaverSchedule Schedule { get; }

    /// <summary>x² alone, whose powers, wraps and division are used.</summary>
    public PolynomialProtocol Base { get; }

    /// <summary>Whether the server opens something again before the client answers.</summary>
    public bool HasSecondFlight { get; }

    public int Step => Base.Step;

    public int Count => Base.Count;

    public WorkCost DrawWork => Base.DrawWork;

    public PartyBytes Storage
    {
        get
        {
            long bytes = (Schedule.Factors.Length + Pairs) * (long)Count * Base.WordsPerPower * sizeof(ulong);
            return PartyBytes.Add(Base.Storage, new PartyBytes { ClientBytes = bytes, ServerBytes = bytes });
        }
    }

    /// <summary>Offline, from the server: corrections of all products.</summary>
    public PlannedMessage Corrections(int count) => Message(Phase.Offline, Party.Server, Schedule.Factors.Sum(f => (long)Products(f).CorrectionBytes(count)));

    /// <summary>Online, from the server: δ, β, D of the first factors.</summary>
    public PlannedMessage Opening
        => Message(Phase.Online, Party.Server, ((1 + Schedule.FirstFactors.Count()) * Bytes(Base.PowerBits)) + (Base.InputShift.Wraps ? Bytes(1) : 0));

    /// <summary>Online, from the client: E of all factors; the answer where nothing follows.</summary>
    public PlannedMessage Factors
        => Message(Phase.Online, Party.Client, (Schedule.Factors.Length * Bytes(Base.PowerBits)) + (HasSecondFlight ? 0 : Bytes(Base.Ring.Bits)));

    /// <summary>Online, from the server: D of the second factors, β'.</summary>
    public PlannedMessage SecondOpening
        => Message(Phase.Online, Party.Server, (Schedule.SecondFactors.Count() * Bytes(Base.PowerBits)) + (Base.OutputShift.Wraps ? Bytes(1) : 0));

    private int Pairs => Schedule.Factors.Sum(f => Schedule.Partners(f).Length);

    /// <summary>The products of the client's word of a factor.</summary>
    public GilboaProducts Products(int factor) => new(Base.PowerBits, Schedule.Partners(factor).Length, Base.PowerBits);

    /// <summary>Transfers whose choices are the bits of the client's word of a factor.</summary>
    public int FactorTransfers(int count) => checked(count * Base.PowerBits);

    public int ClientChoices(int count) => checked(Base.ClientChoices(count) + (Schedule.Factors.Length * FactorTransfers(count)));

    public int ServerChoices(int count) => Base.ServerChoices(count);

    public IEnumerable<MessageTransfer> DescribeBatch(int count)
    {
        WorkCost Sum(Func<GilboaProducts, WorkCost> work) => Schedule.Factors.Select(Products).Aggregate(WorkCost.None, (sum, p) => sum + p.ChoiceWork(count) + work(p));

        WorkCost draw = WorkCost.Stream((long)count * Schedule.Factors.Length * Base.WordsPerPower / SharesPerBlock);
        MessageTransfer corrections = new(Corrections(count), Sum(p => p.OfferWork(count)) + draw, Sum(p => p.ChooseWork(count)));
        bool isAnswered = Schedule.Factors.IsEmpty;
        foreach (MessageTransfer transfer in Base.DescribeBatch(count))
        {
            if (!isAnswered && transfer.Message.Cost.Sender == Party.Server)
            {
                isAnswered = true;
                yield return corrections;
            }

            yield return transfer;
        }
    }

    public IEnumerable<CostEvent> DescribeOnline()
    {
        WorkCost elements = WorkCost.Of(Primitive.HandledElement, (long)Count * (1 + Schedule.Factors.Length) * Base.WordsPerPower);
        WorkCost evaluation = WorkCost.Of(Primitive.MultiplyAccumulate, (long)Count * (10 + (6 * Schedule.Powers.Length)) * Base.ProductsPerWord);
        yield return new LocalWork(Step, Phase.Online, Party.Server, evaluation);
        yield return new MessageTransfer(Opening, elements, elements);
        yield return new LocalWork(Step, Phase.Online, Party.Client, evaluation);
        yield return new MessageTransfer(Factors, elements, elements);
        if (!HasSecondFlight)
            yield break;
        yield return new MessageTransfer(SecondOpening, elements, elements);
        yield return new MessageTransfer(Base.Shares, elements, elements);
    }

    public IPolynomialClient CreateClient(ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) => Base.IsWide
        ? new BeaverClient<UInt128>(this, inputShare, outputShare)
        : new BeaverClient<ulong>(this, inputShare, outputShare);

    public IPolynomialServer CreateServer() => Base.IsWide ? new BeaverServer<UInt128>(this) : new BeaverServer<ulong>(this);

    private long Bytes(int bits) => Numerics.PackedBits.ByteCount((long)Count * bits);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(Step, phase, sender, bytes);
}
