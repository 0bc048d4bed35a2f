namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Correlated oblivious-transfer extension, secure against semi-honest parties: Ishai, Kilian, Nissim and Petrank,
/// "Extending oblivious transfers efficiently" (CRYPTO 2003), without the final hash. The sender holds Δ and gets q; the
/// receiver chooses bits c and gets t with t_i = q_i ⊕ c_i·Δ. One flight, from the receiver, an extension. Garbling takes
/// q_i as a label of zero and Δ as the free-XOR offset, so t_i is the label of c_i; any other use must hash.
/// </summary>
public static class CorrelatedOt
{
    /// <summary>κ: the base transfers a pair of parties needs once, in the opposite direction.</summary>
    public const int BaseCount = 128;

    /// <summary>Tiles of 128×128 bits that a party generates before it transposes and sends them; fits the first-level cache.</summary>
    internal const int TilesPerChunk = 8;

    /// <summary>Bytes the receiver sends to extend by <paramref name="count"/>: 16 each, in whole tiles of 128.</summary>
    public static long ReceiverBytes(long count) => (count + 127) / 128 * 128 * 16;
}
