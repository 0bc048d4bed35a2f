using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// A ReLU with truncation, or a truncation, by oblivious transfer: y = max(x ≫ f, 0) or y = x ≫ f, exactly, from shares
/// x = x_s + x_c of m bits to fresh shares in the ring of 2^ℓ. The client's share of x and its share r of y are known
/// offline, the server's share of x online.
/// <para>
/// Let a be the bits of x_s + 2^(m−1) and b those of x_c. Their sum modulo 2^m is x + 2^(m−1), so that two carries of one
/// addition say everything: c, into bit f, and C, into bit m − 1 or out of all bits. With S and B the two numbers,
/// </para>
/// <list type="bullet">
/// <item>x ≫ f = (S ≫ f) + (B ≫ f) + c − 2^(m−f)·C − 2^(m−1−f), with C out of all bits.</item>
/// <item>[x ≥ 0] = d = a ⊕ b ⊕ C for the top bits a and b, with C into them; and where d = 1, C = 1 ⊕ a ⊕ b, so that
/// max(x ≫ f, 0) = d·((S' ≫ f) + (B' ≫ f) + c − 2^(m−1−f)·(1 ⊕ a ⊕ b)), S' and B' without the top bits. Of
/// (1 ⊕ a)·b the client's factor is known offline.</item>
/// </list>
/// <para>
/// Carries come from a tree (<see cref="CarryTree"/>) over digits (<see cref="ServerDigits"/>), whose products use up triples
/// of random bits (<see cref="MergeTriples"/>). Bits become ring elements through random bits that are shared both ways
/// (<see cref="OfferedBit"/>). The product with d: with d = o ⊕ δ for the random bit δ = δ_s ⊕ δ_c and o opened, d·w = o·w + (1 − 2o)·δ·w,
/// and δ·w = δ_s·w + δ_c·(1 − 2δ_s)·w for a word w of the server is one correlated transfer with the client's choice δ_c; of the
/// client, the other way round (Gilboa, CRYPTO 1999; Rathee et al., "CrypTFlow2", CCS 2020, section 3.1.1).
/// </para>
/// <para>
/// Offline: transfers in which the server chooses, from the client; those in which the client chooses, with what makes them
/// fit, from the server; what makes the first fit, from the client. Online the parties alternate, the server first. A party that
/// has received the other's half of an opening has all of it, so it sends its half and the next opening's at once; that is one flight an
/// opening. With its last flight the server sends ℓ bits for the product with its word, the client ℓ bits for the
/// product with its own and ℓ bits that turn what it has into r.
/// </para>
/// <para>
/// What is seen. Transfers are silent (<see cref="SilentOt"/>), random in choices and messages, each used once; their messages
/// are hashes of correlations under tweaks of their own (<see cref="TransferPads"/>), so the message that was not chosen
/// is pseudorandom to whoever chose. All that is sent is masked by something uniform that the receiver lacks: the server's bits by
/// its random choices u; its choice u₀u₁ by a random choice; what the offering party corrects, bits and words, by the difference of
/// two messages of which the other has one; opened bits, by the sender's share of a random bit, which differs for each. The client's
/// last word is its share of y less r; r is uniform, and the server could compute the word from y − r and what else it has
/// seen. Nothing but masked bits is ever opened, and sizes are functions of m, f, ℓ and the number of elements. Semi-honest, 128 bits.
/// </para>
/// </summary>
internal sealed class OtNonLinearProtocol
{
    private const int SharesPerBlock = 2;

    private readonly int _step;

    public OtNonLinearProtocol(int step, TruncationCircuit circuit, int count, SilentTransferSizes sizes)
    {
        _step = step;
        Circuit = circuit;
        Count = count;
        Words = BitPlanes.WordsFor(count);
        ServerChosen = new SlicedTransfers(sizes.ServerChooses, circuit.ServerChoices, Words);
        ClientChosen = new SlicedTransfers(sizes.ClientChooses, circuit.ClientChoices, Words);
    }

    public TruncationCircuit Circuit { get; }

    /// <summary>Elements.</summary>
    public int Count { get; }

    /// <summary>Transfers in which the server chooses.</summary>
    public SlicedTransfers ServerChosen { get; }

    /// <summary>Transfers in which the client chooses.</summary>
    public SlicedTransfers ClientChosen { get; }

    /// <summary>Words a plane of bits; instances come in groups of 64.</summary>
    public int Words { get; }

    /// <summary>Offline, from the client: transfers in which the server chooses.</summary>
    public PlannedMessage ServerChoices => Message(Phase.Offline, Party.Client, ServerChosen.Bytes);

    /// <summary>Offline, from the server: transfers in which the client chooses; a bit for each pair of bits; corrections of random bits.</summary>
    public PlannedMessage ClientChoices => Message(
        Phase.Offline, Party.Server, ClientChosen.Bytes + PlaneBytes(Circuit.Pairs)
            + (Circuit.Shift > 0 ? WordBytes(Circuit.MiddleBits) : 0) + (Circuit.IsRelu ? 0 : WordBytes(Circuit.WrapBits)));

    /// <summary>Offline, from the client: corrections of the digits' products, and of a ReLU's wrap-around.</summary>
    public PlannedMessage Corrections => Message(
        Phase.Offline, Party.Client, PlaneBytes(Circuit.DigitProducts) + (Circuit.IsRelu ? WordBytes(Circuit.WrapBits) : 0));

    /// <summary>Online, from the server: its masked bits at first, then openings, at last of a ReLU a correction.</summary>
    public PlannedMessage ServerFlight(int flight) => Message(
        Phase.Online, Party.Server, PlaneBytes(Circuit.OpenedBits(Circuit.ServerOpenings(flight)) + (flight == 0 ? Circuit.MaskedBits : 0))
            + (IsLast(flight) && Circuit.IsRelu ? WordBytes(Circuit.Ring.Bits) : 0));

    /// <summary>Online, from the client: openings, at last its share; of a ReLU a correction before.</summary>
    public PlannedMessage ClientFlight(int flight) => Message(
        Phase.Online, Party.Client, PlaneBytes(Circuit.OpenedBits(Circuit.ClientOpenings(flight)))
            + (IsLast(flight) ? (Circuit.IsRelu ? 2 : 1) * WordBytes(Circuit.Ring.Bits) : 0));

    /// <summary>Correlations that a party holds at a time.</summary>
    public int BatchTransfers => Math.Max(ServerChosen.Largest, ClientChosen.Largest);

    /// <summary>The client, offline: draws its share of the output.</summary>
    public WorkCost DrawWork => WorkCost.Stream(Count / SharesPerBlock);

    /// <summary>
    /// What is kept for an inference: of each product of a digit a bit, of each merge five; of each transfer of a word one or two.
    /// The client has its shares besides and the planes of its bits, the server its choices in the digits' transfers.
    /// </summary>
    public PartyBytes Storage => new()
    {
        ClientBytes = PlaneBytes((2 * Circuit.DigitProducts) + Circuit.TripleBits + Circuit.InputBits) + (((2L * Count) + WordsKept) * sizeof(ulong)),
        ServerBytes = PlaneBytes(Circuit.DigitProducts + Circuit.DigitTransfers + Circuit.TripleBits) + (WordsKept * sizeof(ulong)),
    };

    /// <summary><see cref="ServerChoices"/> with the parties' work.</summary>
    public MessageTransfer DescribeServerChoices() => new(ServerChoices, ServerChosen.Work(2), ServerChosen.Work(1));

    /// <summary><see cref="ClientChoices"/> with the parties' work.</summary>
    public MessageTransfer DescribeClientChoices()
        => new(ClientChoices, ClientChosen.Work(2) + ElementWork(1), ClientChosen.Work(1) + ElementWork(1));

    /// <summary><see cref="Corrections"/> with the parties' work.</summary>
    public MessageTransfer DescribeCorrections() => new(Corrections, ElementWork(2), ElementWork(1));

    /// <summary>The online phase: bit-sliced work is little beside that of packing and moving words, in the first and the last flights.</summary>
    public IEnumerable<CostEvent> DescribeOnline()
    {
        for (int flight = 0; flight < Circuit.Flights; flight++)
        {
            yield return new MessageTransfer(ServerFlight(flight), ElementWork(flight == 0 || IsLast(flight) ? 5 : 2), ElementWork(2));
            yield return new MessageTransfer(ClientFlight(flight), ElementWork(IsLast(flight) ? 6 : 2), ElementWork(IsLast(flight) ? 6 : 2));
        }
    }

    public bool IsLast(int flight) => Circuit.IsLast(flight);

    private long WordsKept => (Circuit.IsRelu ? 5L : 3) * Words * BitPlanes.Lanes;

    private WorkCost ElementWork(int words) => WorkCost.Of(Primitive.HandledElement, (long)words * Count);

    private long PlaneBytes(int planes) => (long)planes * Words * sizeof(ulong);

    private long WordBytes(int bits) => PackedBits.ByteCount((long)Count * bits);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);
}
