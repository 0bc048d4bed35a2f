using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// A party's ends of silent oblivious transfer in both directions, for a session. Setup takes three messages: what the client
/// chooses with; the trees of the server's choices, what it offers, and chooses with; what the client offers.
/// </summary>
/// <param name="Offers">The end that offers.</param>
/// <param name="Choices">The end that chooses.</param>
internal sealed record SilentTransfers(SilentOtSender Offers, SilentOtReceiver Choices)
{
    public static PlannedMessage ClientSetup(SilentTransferSizes sizes)
        => Message(Party.Client, SilentOt.ReceiverSetupBytes(sizes.ClientChooses));

    public static PlannedMessage ServerSetup(SilentTransferSizes sizes)
        => Message(Party.Server, CorrelatedOt.SetupBytes() + SilentOt.SenderSetupBytes(sizes.ClientChooses) + SilentOt.ReceiverSetupBytes(sizes.ServerChooses));

    public static PlannedMessage ClientAnswer(SilentTransferSizes sizes)
        => Message(Party.Client, SilentOt.SenderSetupBytes(sizes.ServerChooses));

    /// <summary>The client's side.</summary>
    /// <param name="channel">To the server.</param>
    /// <param name="sizes">The session's.</param>
    /// <param name="offers">Transfers in which the server chooses, before their setup.</param>
    /// <param name="choices">Transfers in which this party chooses.</param>
    public static SilentTransfers AgreeAsClient(MessageChannel channel, SilentTransferSizes sizes, CorrelatedOtSender offers, CorrelatedOtReceiver choices)
    {
        SilentTransfers transfers = new(new SilentOtSender(sizes.ServerChooses, offers.Delta), new SilentOtReceiver(sizes.ClientChooses));
        channel.BeginSend(MessageKind.Setup, ClientSetup(sizes));
        transfers.Choices.SendSetup(channel, choices);
        channel.EndSend();
        channel.BeginReceive(MessageKind.Setup, ServerSetup(sizes));
        offers.ReceiveSetup(channel);
        transfers.Choices.ReceiveSetup(channel);
        transfers.Offers.ReceiveSetup(channel, offers);
        channel.EndReceive();
        channel.BeginSend(MessageKind.Setup, ClientAnswer(sizes));
        transfers.Offers.SendSetup(channel);
        channel.EndSend();
        return transfers;
    }

    /// <summary>The server's side.</summary>
    /// <param name="channel">To the client.</param>
    /// <param name="sizes">The session's.</param>
    /// <param name="offers">Transfers in which the client chooses.</param>
    /// <param name="choices">Transfers in which this party chooses.</param>
    public static SilentTransfers AgreeAsServer(MessageChannel channel, SilentTransferSizes sizes, CorrelatedOtSender offers, CorrelatedOtReceiver choices)
    {
        SilentTransfers transfers = new(new SilentOtSender(sizes.ClientChooses, offers.Delta), new SilentOtReceiver(sizes.ServerChooses));
        channel.BeginReceive(MessageKind.Setup, ClientSetup(sizes));
        transfers.Offers.ReceiveSetup(channel, offers);
        channel.EndReceive();
        channel.BeginSend(MessageKind.Setup, ServerSetup(sizes));
        choices.SendSetup(channel);
        transfers.Offers.SendSetup(channel);
        transfers.Choices.SendSetup(channel, choices);
        channel.EndSend();
        channel.BeginReceive(MessageKind.Setup, ClientAnswer(sizes));
        transfers.Choices.ReceiveSetup(channel);
        channel.EndReceive();
        return transfers;
    }

    /// <summary>What happens in the setup, in order.</summary>
    public static IEnumerable<CostEvent> DescribeSetup(SilentTransferSizes sizes)
    {
        long clientBootstrap = SilentOt.BootstrapCount(sizes.ClientChooses), serverBootstrap = SilentOt.BootstrapCount(sizes.ServerChooses);
        WorkCost first = SilentOt.SetupWork(sizes.ClientChooses), second = SilentOt.SetupWork(sizes.ServerChooses);
        yield return new MessageTransfer(ClientSetup(sizes), CorrelatedOt.ReceiverWork(clientBootstrap), CorrelatedOt.SenderWork(clientBootstrap));
        yield return new MessageTransfer(
            ServerSetup(sizes),
            CorrelatedOt.SetupWork + first + CorrelatedOt.ReceiverWork(serverBootstrap),
            CorrelatedOt.SetupWork + first + CorrelatedOt.SenderWork(serverBootstrap));
        yield return new MessageTransfer(ClientAnswer(sizes), second, second);
    }

    private static PlannedMessage Message(Party sender, long bytes) => PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, sender, bytes);
}
