using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Whether any of N elements lies outside of its interval, by oblivious transfer: a bit for the client, nothing for the server.
/// <para>
/// <b>Each element.</b> With f bits dropped, x' = c' + s' modulo 2^k for c' = ⌊c/2^f⌋, s' = ⌈s/2^f⌉ and k = ℓ − f is a neighbour of
/// x/2^f. It is in its interval where z = x' − lower, modulo 2^k, is less than W = upper − lower + 1. Let a = s' − lower of the server and b = c' of
/// the client. With w the carry of a + b out of k bits and w' that of (a − W mod 2^k) + b,
/// a + b = z + 2^k·w and (a − W + 2^k·[a &lt; W]) + b = (z − W + 2^k·[z &lt; W]) + 2^k·w', so that [z &lt; W] = w ⊕ w' ⊕ [a &lt; W]. Carries come from
/// <see cref="CarryTree"/> as in <see cref="OtNonLinearProtocol"/>, of 2N additions side by side, and stay shared as exclusive or.
/// </para>
/// <para>
/// <b>All elements.</b> With bits o_i = o_i,c ⊕ o_i,s, 1 where element i is outside, and public random r_i in GF(2^64), the parties have shares of
/// S = Σ o_i·r_i, each by itself; S = 0 if no element is outside, and otherwise with probability 2^-64. Opening S would tell which
/// elements are; the client gets ρ·S for a random ρ of the server's. Offline, 64 transfers in which bits δ_j of the client choose
/// between μ_j and μ_j + ρ·X^j give it V = ρ·δ + μ. Online it sends S_c + δ and gets ρ·(S_s + S_c + δ) + μ, from which it subtracts V.
/// </para>
/// <para>
/// <b>What is seen.</b> Until then, what <see cref="OtNonLinearProtocol"/> shows, all of it masked. The server sees S_c + δ, uniform as δ is
/// random and used once. The client sees ρ·S + V, V being uniform and known to it: 0, or for S ≠ 0 a uniform number, whatever the elements
/// are. So it learns one bit (an error of 2^-63 apart), and the server none. The r_i follow from a seed of the server's that comes with the
/// offline phase; a client that chose its input by them could only hide the warning from itself. Semi-honest.
/// </para>
/// <para>
/// <b>Messages.</b> Offline one of silent transfers each way, the server's with what makes them fit, and a correction from the client. Online ⌈d/2⌉
/// or so flights each way, d = ⌈log₂ k/2⌉ being the tree's depth (three each for 17 to 64 bits), whatever N is and however many layers are
/// checked; then the server's 8 bytes travel with the plan's output.
/// </para>
/// </summary>
internal sealed class RangeCheckProtocol
{
    /// <summary>Transfers that multiply S_c by ρ: one a bit.</summary>
    public const int ProductTransfers = 64;

    private readonly int _step;

    public RangeCheckProtocol(int step, RangeCheckStep definition, ExecutionPlan plan, SilentTransferSizes sizes)
    {
        _step = step;
        Shift = definition.Shift;
        Elements = new Ring(plan.RingBits - definition.Shift);
        Circuit = CircuitOf(definition, plan);
        Counts = [.. definition.Checked.Select(v => plan.Values[v].Count)];
        Lower = definition.Lower;
        Widths = [.. definition.Lower.Zip(definition.Upper, (lower, upper) => (ulong)(upper - lower + 1))];
        Count = Counts.Sum();
        HalfWords = BitPlanes.WordsFor(Count);
        Words = 2 * HalfWords;
        ServerChosen = new SlicedTransfers(sizes.ServerChooses, Circuit.ServerChoices, Words);
        ClientChosen = new SlicedTransfers(sizes.ClientChooses, Circuit.ClientChoices, Words, ProductTransfers);
    }

    public CarryCircuit Circuit { get; }

    /// <summary>f.</summary>
    public int Shift { get; }

    /// <summary>Of 2^k.</summary>
    public Ring Elements { get; }

    /// <summary>Elements of each value.</summary>
    public ImmutableArray<int> Counts { get; }

    /// <summary>The lower bound for each value.</summary>
    public ImmutableArray<long> Lower { get; }

    /// <summary>W for each value.</summary>
    public ImmutableArray<ulong> Widths { get; }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>Words of a plane that belong to one of the two additions of all elements; the second begins a word of its own.</summary>
    public int HalfWords { get; }

    /// <summary>Words a plane.</summary>
    public int Words { get; }

    /// <summary>Transfers in which the server chooses.</summary>
    public SlicedTransfers ServerChosen { get; }

    /// <summary>Transfers in which the client chooses, those of the product behind the first batch.</summary>
    public SlicedTransfers ClientChosen { get; }

    /// <summary>Offline, from the client: transfers in which the server chooses.</summary>
    public PlannedMessage ServerChoices => Message(Phase.Offline, Party.Client, ServerChosen.Bytes);

    /// <summary>Offline, from the server: transfers in which the client chooses; a bit for each pair of bits; the seed; corrections of the product.</summary>
    public PlannedMessage ClientChoices => Message(
        Phase.Offline, Party.Server, ClientChosen.Bytes + PlaneBytes(Circuit.Pairs) + Block.Size + (ProductTransfers * sizeof(ulong)));

    /// <summary>Offline, from the client: corrections of the digits' products.</summary>
    public PlannedMessage Corrections => Message(Phase.Offline, Party.Client, PlaneBytes(Circuit.DigitProducts));

    /// <summary>Online, from the server: its masked bits at first, then openings.</summary>
    public PlannedMessage ServerFlight(int flight) => Message(
        Phase.Online, Party.Server, PlaneBytes(Circuit.OpenedBits(Circuit.ServerOpenings(flight)) + (flight == 0 ? Elements.Bits : 0)));

    /// <summary>Online, from the client: openings, at last S_c + δ.</summary>
    public PlannedMessage ClientFlight(int flight) => Message(
        Phase.Online, Party.Client, PlaneBytes(Circuit.OpenedBits(Circuit.ClientOpenings(flight))) + (Circuit.IsLast(flight) ? sizeof(ulong) : 0));

    /// <summary>Online, from the server: the masked product.</summary>
    public PlannedMessage Result => Message(Phase.Online, Party.Server, sizeof(ulong));

    /// <summary>Correlations that a party holds at a time.</summary>
    public int BatchTransfers => Math.Max(ServerChosen.Largest, ClientChosen.Largest);

    /// <summary>What is kept for an inference: of each product of a digit a bit, of each merge five; the client's bits, and the server's choices.</summary>
    public PartyBytes Storage => new()
    {
        ClientBytes = PlaneBytes((2 * Circuit.DigitProducts) + Circuit.TripleBits + Elements.Bits) + Block.Size,
        ServerBytes = PlaneBytes(Circuit.DigitProducts + Circuit.DigitTransfers + Circuit.TripleBits) + Block.Size,
    };

    /// <summary>Transfers of the step's calls of silent oblivious transfer, by who chooses.</summary>
    public static (long ServerChooses, long ClientChooses)[] Calls(RangeCheckStep step, ExecutionPlan plan)
    {
        CarryCircuit circuit = CircuitOf(step, plan);
        long additions = 2L * step.Checked.Sum(v => plan.Values[v].Count);
        return [(circuit.ServerChoices * additions, circuit.ClientChoices * additions)];
    }

    /// <summary><see cref="ServerChoices"/> with the parties' work.</summary>
    public MessageTransfer DescribeServerChoices() => new(ServerChoices, ServerChosen.Work(2), ServerChosen.Work(1));

    /// <summary><see cref="ClientChoices"/> with the parties' work.</summary>
    public MessageTransfer DescribeClientChoices() => new(ClientChoices, ClientChosen.Work(2), ClientChosen.Work(1));

    /// <summary><see cref="Corrections"/> with the parties' work.</summary>
    public MessageTransfer DescribeCorrections() => new(Corrections, ElementWork(4), ElementWork(2));

    /// <summary>The online messages in order, with the work around them.</summary>
    public IEnumerable<CostEvent> DescribeOnline()
    {
        for (int flight = 0; flight < Circuit.Flights; flight++)
        {
            WorkCost combination = Circuit.IsLast(flight) ? ElementWork(1) + WorkCost.Stream(Count / 2) : WorkCost.None;
            yield return new MessageTransfer(ServerFlight(flight), ElementWork(flight == 0 ? 8 : 4), ElementWork(4));
            yield return new MessageTransfer(ClientFlight(flight), ElementWork(4) + combination, ElementWork(4) + combination);
        }

        yield return new MessageTransfer(Result);
    }

    /// <summary>Both additions' elements, from one value after another.</summary>
    /// <param name="shares">A party's share of each value.</param>
    /// <param name="place">Gives an element's two numbers from its share and its value's place in the step.</param>
    public ulong[] Load(IReadOnlyList<ulong[]> shares, Func<ulong, int, (ulong First, ulong Second)> place)
    {
        ulong[] elements = new ulong[Words * BitPlanes.Lanes];
        int next = 0;
        for (int value = 0; value < shares.Count; value++)
        {
            foreach (ulong share in shares[value])
            {
                (elements[next], elements[(HalfWords * BitPlanes.Lanes) + next]) = place(share, value);
                next++;
            }
        }

        return elements;
    }

    /// <summary>Σ o_i·r_i of bits that a party has: its own share of S.</summary>
    /// <param name="bits">A plane of both additions' carries, whose halves are added.</param>
    /// <param name="seed">Of the r_i.</param>
    public ulong Combine(ReadOnlySpan<ulong> bits, Block seed)
    {
        AesCtrGenerator generator = new(seed);
        Span<ulong> coefficients = stackalloc ulong[BitPlanes.Lanes];
        ulong sum = 0;
        for (int word = 0; word < HalfWords; word++)
        {
            generator.FillRing(coefficients, 64);
            ulong outside = bits[word] ^ bits[HalfWords + word];
            for (int lane = 0; lane < Math.Min(BitPlanes.Lanes, Count - (word * BitPlanes.Lanes)); lane++)
                sum ^= coefficients[lane] & (0 - ((outside >> lane) & 1));
        }

        return sum;
    }

    // The carry out of the bits that are compared.
    private static CarryCircuit CircuitOf(RangeCheckStep step, ExecutionPlan plan) => new(middle: 0, plan.RingBits - step.Shift, opensTop: false);

    private WorkCost ElementWork(int words) => WorkCost.Of(Primitive.HandledElement, (long)words * Count);

    private long PlaneBytes(int planes) => (long)planes * Words * sizeof(ulong);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);
}
