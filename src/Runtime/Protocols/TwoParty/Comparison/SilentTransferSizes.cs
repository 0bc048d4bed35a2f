using PrivateInference.Runtime.ObliviousTransfer;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The parameters of silent oblivious transfer in a session, one set each way.</summary>
/// <param name="ServerChooses">Of the transfers that the client offers.</param>
/// <param name="ClientChooses">Of the transfers that the server offers.</param>
internal sealed record SilentTransferSizes(LpnParameters ServerChooses, LpnParameters ClientChooses)
{
    /// <summary>Memory of a party's two ends, beside the caller's correlations.</summary>
    public long WorkingBytes => SilentOt.WorkingBytes(ServerChooses) + SilentOt.WorkingBytes(ClientChooses);

    /// <summary>The sets that suit the average call.</summary>
    /// <param name="calls">Transfers of each call, by who chooses; at least one call.</param>
    public static SilentTransferSizes For(IReadOnlyCollection<(long ServerChooses, long ClientChooses)> calls) => new(
        SilentOt.ParametersFor((long)calls.Average(c => (double)c.ServerChooses)),
        SilentOt.ParametersFor((long)calls.Average(c => (double)c.ClientChooses)));
}
