using PrivateInference.Runtime.Costs;

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

    /// <summary>The work of an extension at the receiver, which chooses: two streams.</summary>
    internal static WorkCost ReceiverWork(long count) => Work(Primitive.TransferChosen, count, streams: 2);

    /// <summary>The work of an extension at the sender, which offers: one stream.</summary>
    internal static WorkCost SenderWork(long count) => Work(Primitive.TransferOffered, count, streams: 1);

    // A chunk is generated whole, whatever is used of it.
    private static WorkCost Work(Primitive primitive, long count, int streams)
    {
        long perChunk = TilesPerChunk * BitMatrix.TileSize;
        return new WorkCost { AesCalls = (count + perChunk - 1) / perChunk * perChunk * streams, Units = WorkCost.Of(primitive, count).Units };
    }
}
