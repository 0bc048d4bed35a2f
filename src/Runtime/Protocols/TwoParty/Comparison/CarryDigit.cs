namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>A leaf of a <see cref="CarryTree"/>: one bit of the two numbers or two neighbouring ones.</summary>
/// <param name="Offset">The lower bit's position.</param>
/// <param name="Bits">1 or 2.</param>
internal readonly record struct CarryDigit(int Offset, int Bits)
{
    /// <summary>Oblivious transfers by which the server's bits meet the client's: with choices a₀, and a₁ and a₀·a₁.</summary>
    public int Transfers => Bits == 1 ? 1 : 3;

    /// <summary>Products of a server's bit and one that the client knows offline.</summary>
    public int Products => Bits == 1 ? 1 : 6;
}
