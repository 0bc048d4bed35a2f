using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.ObliviousTransfer;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The silent transfers of a step one way: so many for each of its bit-sliced instances, extended and hashed in batches of
/// whole words; what a step needs besides comes behind the first batch.
/// </summary>
/// <param name="Parameters">The session's, that way.</param>
/// <param name="PerElement">Transfers of an instance; at least one.</param>
/// <param name="Words">Words of 64 instances.</param>
/// <param name="Extra">Transfers besides.</param>
internal sealed record SlicedTransfers(LpnParameters Parameters, int PerElement, int Words, int Extra = 0)
{
    // Correlations that a party holds at a time: 64 MiB.
    private const int MaxBatch = 1 << 22;

    /// <summary>All of them.</summary>
    public long Count => ((long)PerElement * Words * BitPlanes.Lanes) + Extra;

    /// <summary>Bytes that the offering party sends.</summary>
    public long Bytes => Batches.Sum(b => SilentOt.SenderBytes(Parameters, Correlations(b.First, b.Count)));

    /// <summary>Correlations that a party holds at a time.</summary>
    public int Largest => Batches.Max(b => Correlations(b.First, b.Count));

    /// <summary>Words, batch by batch.</summary>
    public IEnumerable<(int First, int Count)> Batches
    {
        get
        {
            int most = Math.Max(1, MaxBatch / (BitPlanes.Lanes * PerElement));
            for (int first = 0; first < Words; first += most)
                yield return (first, Math.Min(most, Words - first));
        }
    }

    /// <summary>Correlations of a batch.</summary>
    public int Correlations(int firstWord, int words) => checked((PerElement * words * BitPlanes.Lanes) + (firstWord == 0 ? Extra : 0));

    /// <summary>A party's work.</summary>
    /// <param name="hashes">Of a transfer: two at the party that offers.</param>
    public WorkCost Work(int hashes)
    {
        WorkCost extension = Batches.Select(b => SilentOt.Work(Parameters, Correlations(b.First, b.Count))).Aggregate(WorkCost.None, WorkCost.Add);
        long pads = hashes * Count;
        return extension + new WorkCost { AesCalls = pads, Units = WorkCost.Of(Primitive.TransferPad, pads).Units };
    }
}
