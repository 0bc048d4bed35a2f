using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The public shape of one element's evaluation in <see cref="OtNonLinearProtocol"/>: its carries, and what is made of them.</summary>
internal sealed class TruncationCircuit : CarryCircuit
{
    /// <param name="inputBits">m, at most the ring's.</param>
    /// <param name="shift">f, less than m.</param>
    /// <param name="isRelu">Whether negative numbers become zero.</param>
    /// <param name="ringBits">ℓ, of inputs and outputs.</param>
    /// <exception cref="ArgumentException">A truncation is none: <see cref="CanTruncate"/> says no.</exception>
    public TruncationCircuit(int inputBits, int shift, bool isRelu, int ringBits)
        : base(shift, isRelu ? inputBits - 1 : inputBits, opensTop: true)
    {
        if (!isRelu && !CanTruncate(inputBits, shift, ringBits))
            throw new ArgumentException($"Nothing is to be done about {inputBits} bits in a ring of {ringBits}.", nameof(shift));
        IsRelu = isRelu;
        InputBits = inputBits;
        Shift = shift;
        Ring = new Ring(ringBits);
    }

    public bool IsRelu { get; }

    /// <summary>m.</summary>
    public int InputBits { get; }

    /// <summary>f.</summary>
    public int Shift { get; }

    /// <summary>Of 2^ℓ.</summary>
    public Ring Ring { get; }

    /// <summary>Into which bit the upper carry goes: the sign bit, m − 1, of a ReLU, else out of all bits, m.</summary>
    public int TopBit => IsRelu ? InputBits - 1 : InputBits;

    /// <summary>Bits of the word that is multiplied by the carry into bit f.</summary>
    public int MiddleBits => Math.Max(1, Ring.Bits - 1);

    /// <summary>Bits of the product in the wrap-around, whose weight in the output is 2^(m − f), or twice that without a sign.</summary>
    public int WrapBits => Math.Max(1, Ring.Bits - InputBits + Shift - (IsRelu ? 0 : 1));

    /// <summary>Planes that the server sends at first: its bits under their masks; of a ReLU the sign bit, too.</summary>
    public int MaskedBits => InputBits;

    /// <summary>Transfers in which the server chooses, by element: digits, merges, then those of words.</summary>
    public override int ServerChoices => base.ServerChoices + (IsRelu ? 2 : 0);

    /// <summary>Transfers in which the client chooses, by element: merges, then those of words.</summary>
    public override int ClientChoices => base.ClientChoices + (Shift > 0 ? 1 : 0) + 1;

    /// <summary>Whether a truncation has something to decide, and is no mere re-sharing of all bits of the ring.</summary>
    public static bool CanTruncate(int inputBits, int shift, int ringBits) => inputBits - shift < ringBits;
}
