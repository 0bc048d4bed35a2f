using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Correlated oblivious-transfer extension, secure against semi-honest parties: Roy, "SoftSpokenOT: quieter OT extension from
/// small-field silent VOLE in the Minicrypt model" (CRYPTO 2022), with the repetition code and without the final hash. The sender
/// holds Δ and gets q; the receiver chooses bits c and gets t with t_i = q_i ⊕ c_i·Δ. Garbling takes q_i as a label of zero and Δ as
/// the free-XOR offset, so t_i is the label of c_i; any other use must hash.
/// <para>
/// Δ is cut into 128/k pieces of k bits. For each, both parties expand seeds (<see cref="SmallFieldStreams"/>), of which the sender
/// lacks the one that its piece names (<see cref="PuncturedTree"/>), so that the receiver has u and v, the sender v ⊕ u·Δ; the
/// receiver sends u ⊕ c, which the sender adds where Δ has a bit. One flight, from the receiver, an extension, of 128/k bits a transfer;
/// the trees take one message more, from the receiver, once. With k = 1 that is the extension of Ishai, Kilian, Nissim and Petrank
/// (CRYPTO 2003). A transfer takes 2^k/k AES calls at the receiver, one in 2^k fewer at the sender: <see cref="FieldBits"/> is where
/// bytes saved are worth more than calls, over TLS on one machine already (docs/benchmarks.md).
/// </para>
/// </summary>
public static class CorrelatedOt
{
    /// <summary>κ: the base transfers a pair of parties needs once, in the opposite direction.</summary>
    public const int BaseCount = 128;

    /// <summary>k, unless a caller says otherwise.</summary>
    public const int FieldBits = 4;

    /// <summary>Tiles of 128×128 bits that a party generates before it transposes and sends them; fits the first-level cache.</summary>
    internal const int TilesPerChunk = 8;

    /// <summary>Bytes the receiver sends before its first extension.</summary>
    public static long SetupBytes(int fieldBits = FieldBits) => (long)Fields(fieldBits) * PuncturedTree.Corrections(fieldBits) * Block.Size;

    /// <summary>Bytes the receiver sends to extend by <paramref name="count"/>: 16/k each, in whole tiles of 128.</summary>
    public static long ReceiverBytes(long count, int fieldBits = FieldBits) => Tiles(count) * Fields(fieldBits) * Block.Size;

    /// <summary>Bytes the receiver sends to start an extension in the other direction.</summary>
    public static long ReverseBytes(int fieldBits = FieldBits) => ReceiverBytes(BaseCount, fieldBits);

    /// <summary>The work of an extension at the receiver, which chooses.</summary>
    internal static WorkCost ReceiverWork(long count) => Work(Primitive.TransferChosen, count, 1 << FieldBits);

    /// <summary>The work of an extension at the sender, which offers and lacks a stream a field.</summary>
    internal static WorkCost SenderWork(long count) => Work(Primitive.TransferOffered, count, (1 << FieldBits) - 1);

    /// <summary>The work of either party's trees.</summary>
    internal static WorkCost SetupWork => WorkCost.Stream(Fields(FieldBits) * ((2L << FieldBits) - 4));

    /// <summary>128/k: the fields whose bits make up Δ.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fieldBits"/> is not 1, 2, 4 or 8.</exception>
    internal static int Fields(int fieldBits)
    {
        if (fieldBits is not (1 or 2 or 4 or 8))
            throw new ArgumentOutOfRangeException(nameof(fieldBits), fieldBits, "A field has 1, 2, 4 or 8 bits.");
        return BaseCount / fieldBits;
    }

    private static long Tiles(long count) => (count + BitMatrix.TileSize - 1) / BitMatrix.TileSize;

    // A chunk is generated whole, whatever is used of it.
    private static WorkCost Work(Primitive primitive, long count, int streamsPerField)
    {
        long chunks = (Tiles(count) + TilesPerChunk - 1) / TilesPerChunk;
        return new WorkCost
        {
            AesCalls = chunks * TilesPerChunk * Fields(FieldBits) * streamsPerField,
            Units = WorkCost.Of(primitive, count).Units,
        };
    }
}
