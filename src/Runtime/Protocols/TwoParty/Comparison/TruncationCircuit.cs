using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The public shape of one element's evaluation in <see cref="OtNonLinearProtocol"/>: its carries, when each bit is opened, and
/// how many transfers it takes each way.
/// </summary>
internal sealed class TruncationCircuit
{
    /// <param name="inputBits">m, at most the ring's.</param>
    /// <param name="shift">f, less than m.</param>
    /// <param name="isRelu">Whether negative numbers become zero.</param>
    /// <param name="ringBits">ℓ, of inputs and outputs.</param>
    /// <exception cref="ArgumentException">A truncation is none: <see cref="CanTruncate"/> says no.</exception>
    public TruncationCircuit(int inputBits, int shift, bool isRelu, int ringBits)
    {
        if (!isRelu && !CanTruncate(inputBits, shift, ringBits))
            throw new ArgumentException($"Nothing is to be done about {inputBits} bits in a ring of {ringBits}.", nameof(shift));
        IsRelu = isRelu;
        InputBits = inputBits;
        Shift = shift;
        Ring = new Ring(ringBits);
        TopBit = IsRelu ? InputBits - 1 : InputBits;
        Tree = new CarryTree(Shift, TopBit);
        MiddleOpening = Tree.MiddleDepth;
        LastOpening = Math.Max(Tree.Levels.Count, Tree.MiddleNode is null ? 0 : MiddleOpening + 1);
    }

    public bool IsRelu { get; }

    /// <summary>m.</summary>
    public int InputBits { get; }

    /// <summary>f.</summary>
    public int Shift { get; }

    /// <summary>Of 2^ℓ.</summary>
    public Ring Ring { get; }

    /// <summary>Into which bit the upper carry goes: the sign bit, m − 1, of a ReLU, else out of all bits, m.</summary>
    public int TopBit { get; }

    public CarryTree Tree { get; }

    /// <summary>The opening in which the carry into bit f is opened, masked; meaningless where f = 0.</summary>
    public int MiddleOpening { get; }

    /// <summary>The last opening, in which the sign or the upper carry is opened, masked. They count from 0.</summary>
    public int LastOpening { get; }

    /// <summary>Bits of the word that is multiplied by the carry into bit f.</summary>
    public int MiddleBits => Math.Max(1, Ring.Bits - 1);

    /// <summary>Bits of the product in the wrap-around, whose weight in the output is 2^(m − f), or twice that without a sign.</summary>
    public int WrapBits => Math.Max(1, Ring.Bits - InputBits + Shift - (IsRelu ? 0 : 1));

    /// <summary>Planes that the server sends at first: its bits under their masks; of a ReLU the sign bit, too.</summary>
    public int MaskedBits => InputBits;

    /// <summary>Transfers in which the server chooses, by element: digits, merges, then those of words.</summary>
    public int ServerChoices => DigitTransfers + Tree.Merges.Length + (IsRelu ? 2 : 0);

    /// <summary>Transfers in which the client chooses, by element: merges, then those of words.</summary>
    public int ClientChoices => Tree.Merges.Length + (Shift > 0 ? 1 : 0) + 1;

    /// <summary>How many of <see cref="ServerChoices"/> belong to digits.</summary>
    public int DigitTransfers => Tree.Digits.Sum(d => d.Transfers);

    /// <summary>Products of digits.</summary>
    public int DigitProducts => Tree.Digits.Sum(d => d.Products);

    /// <summary>Digits of two bits.</summary>
    public int Pairs => Tree.Digits.Count(d => d.Bits == 2);

    /// <summary>Flights of each party online.</summary>
    public int Flights => ((LastOpening + 1) / 2) + 1;

    /// <summary>Whether a truncation has something to decide, and is no mere re-sharing of all bits of the ring.</summary>
    public static bool CanTruncate(int inputBits, int shift, int ringBits) => inputBits - shift < ringBits;

    /// <summary>The openings that the server sends in a flight: the first alone, then two at a time.</summary>
    public Range ServerOpenings(int flight) => Math.Max(0, (2 * flight) - 1)..Math.Min(LastOpening + 1, (2 * flight) + 1);

    /// <summary>The openings that the client sends in a flight: two at a time, of which it knows the first one's result.</summary>
    public Range ClientOpenings(int flight) => Math.Min(LastOpening + 1, 2 * flight)..Math.Min(LastOpening + 1, (2 * flight) + 2);

    /// <summary>Bits of an element that each party sends in an opening.</summary>
    public int OpenedBits(int opening)
        => (opening < Tree.Levels.Count ? Tree.Levels[opening].Sum(m => m.Openings) : 0)
            + (OpensMiddle(opening) ? 1 : 0) + (opening == LastOpening ? 1 : 0);

    /// <summary>Whether the carry into bit f is opened then, behind the operands.</summary>
    public bool OpensMiddle(int opening) => Tree.MiddleNode is not null && opening == MiddleOpening;
}
