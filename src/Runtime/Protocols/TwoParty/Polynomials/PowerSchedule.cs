namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Which products of shares make the shares of u, u², …, u^d: u^k = u^⌊k/2⌋·u^⌈k/2⌉. With u^k = A_k + B_k, exchange i (from 1)
/// multiplies A_i with some B_b, and the local products A_a·A_b, B_a·B_b complete u^k in exchange ⌈k/2⌉.
/// </summary>
internal static class PowerSchedule
{
    /// <summary>Exchanges for a degree: none, 1, 2, 2, 3, 3, 4, 4 for 1 to 8.</summary>
    public static int Exchanges(int degree) => degree < 2 ? 0 : (degree + 1) / 2;

    /// <summary>The exponents b whose B_b exchange <paramref name="i"/> multiplies A_i with: of u^(2i−1), u^(2i) and u^(2i+1).</summary>
    public static (int First, int Last) Offered(int i, int degree) => (Math.Max(1, i - 1), Math.Min(i + 1, degree - i));
}
