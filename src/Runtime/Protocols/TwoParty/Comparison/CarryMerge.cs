namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Two neighbouring ranges of bits as one: G = G_high ⊕ P_high·G_low and, where <see cref="Propagates"/>, P = P_high·P_low.
/// </summary>
/// <param name="High">The node of the upper range.</param>
/// <param name="Low">The node of the lower range.</param>
/// <param name="Output">The node of both.</param>
/// <param name="Propagates">False where the range begins at bit 0: nothing is carried into it.</param>
internal readonly record struct CarryMerge(int High, int Low, int Output, bool Propagates)
{
    /// <summary>Bits that each party opens: of P_high and G_low, and of P_low where the result needs it.</summary>
    public int Openings => Propagates ? 3 : 2;

    /// <summary>Products of P_high.</summary>
    public int Products => Propagates ? 2 : 1;
}
