using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>A message that holds ring elements and nothing else.</summary>
internal static class ShareExchange
{
    public static void Send(MessageChannel channel, PlannedMessage message, ReadOnlySpan<ulong> words, int ringBits)
    {
        channel.BeginSend(MessageKind.Step, message);
        ShareMessages.Send(channel, words, ringBits);
        channel.EndSend();
    }

    /// <exception cref="PeerProtocolException">The peer sent something else.</exception>
    public static void Receive(MessageChannel channel, PlannedMessage message, Span<ulong> words, int ringBits)
    {
        channel.BeginReceive(MessageKind.Step, message);
        ShareMessages.Receive(channel, words, ringBits);
        channel.EndReceive();
    }
}
