using PrivateInference.Runtime.ObliviousTransfer;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The parameters of silent oblivious transfer in a session, one set each way.</summary>
/// <param name="ServerChooses">Of the transfers that the client offers.</param>
/// <param name="ClientChooses">Of the transfers that the server offers.</param>
internal sealed record SilentTransferSizes(LpnParameters ServerChooses, LpnParameters ClientChooses)
{
    /// <summary>Memory of a party's two ends, beside the caller's correlations.</summary>
    public long WorkingBytes => SilentOt.WorkingBytes(ServerChooses) + SilentOt.WorkingBytes(ClientChooses);

    /// <summary>The sets that suit the average step.</summary>
    /// <param name="steps">Shape and number of elements of each step; at least one.</param>
    public static SilentTransferSizes For(IReadOnlyCollection<(CarryCircuit Circuit, int Count)> steps) => new(
        SilentOt.ParametersFor((long)steps.Average(s => (double)s.Circuit.ServerChoices * s.Count)),
        SilentOt.ParametersFor((long)steps.Average(s => (double)s.Circuit.ClientChoices * s.Count)));
}
