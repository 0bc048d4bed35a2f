using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The messages by which the parties agree on stored material. All belong to the session and to the offline phase; all have fixed sizes.
/// <list type="bullet">
/// <item>Once a session that uses stores: the client's secret for the plan, 32 bytes; the identity of the server's store, 16 bytes, zero for none.</item>
/// <item>Keeping an inference: the client's part of its identity, 16 bytes; whether the server keeps it and its part, 17 bytes; then the
/// offline phase; then an empty message from the client, whose half is on its disk, and one from the server, in whose store the other
/// counts from then on. The client's counts when it has received that.</item>
/// <item>Claiming one: its identity, 16 bytes, of which the client has taken its half already; and one byte, whether the server has taken the other.</item>
/// <item>Discarding one: its identity, 16 bytes, and no answer.</item>
/// </list>
/// </summary>
internal static class StoreMessages
{
    public const int AnswerBytes = 1 + ItemId.Size;

    public static PlannedMessage Token { get; } = Message(Party.Client, ItemBinding.TokenSize);

    public static PlannedMessage Identity { get; } = Message(Party.Server, ItemId.Size);

    public static PlannedMessage KeepRequest { get; } = Message(Party.Client, ItemId.Size);

    public static PlannedMessage KeepAnswer { get; } = Message(Party.Server, AnswerBytes);

    public static PlannedMessage KeptByClient { get; } = Message(Party.Client, 0);

    public static PlannedMessage KeptByServer { get; } = Message(Party.Server, 0);

    public static PlannedMessage ClaimRequest { get; } = Message(Party.Client, ItemId.Size);

    public static PlannedMessage ClaimAnswer { get; } = Message(Party.Server, 1);

    public static PlannedMessage Discarded { get; } = Message(Party.Client, ItemId.Size);

    /// <summary>Once a session that uses stores, after the handshake.</summary>
    public static ImmutableArray<PlannedMessage> Opening { get; } = [Token, Identity];

    /// <summary>Before an offline phase whose material is stored.</summary>
    public static ImmutableArray<PlannedMessage> Keeping { get; } = [KeepRequest, KeepAnswer];

    /// <summary>After it.</summary>
    public static ImmutableArray<PlannedMessage> Kept { get; } = [KeptByClient, KeptByServer];

    /// <summary>In the place of an offline phase.</summary>
    public static ImmutableArray<PlannedMessage> Claiming { get; } = [ClaimRequest, ClaimAnswer];

    public static ImmutableArray<PlannedMessage> Discarding { get; } = [Discarded];

    public static void Send(MessageChannel channel, MessageKind kind, PlannedMessage message, ReadOnlySpan<byte> payload)
    {
        channel.BeginSend(kind, message);
        channel.Send(payload);
        channel.EndSend();
    }

    public static void Receive(MessageChannel channel, MessageKind kind, PlannedMessage message, Span<byte> payload)
    {
        channel.BeginReceive(kind, message);
        channel.Receive(payload);
        channel.EndReceive();
    }

    /// <summary>The rest of a request whose header was read.</summary>
    /// <exception cref="PeerProtocolException">It has another length than it should.</exception>
    public static byte[] ReceiveRest(MessageChannel channel, MessageHeader header, PlannedMessage message)
    {
        MessageHeader expected = new(header.Kind, message.Cost.Phase, message.StepIndex, message.Cost.Bytes - MessageHeader.Size);
        if (header != expected)
            throw new PeerProtocolException($"The client sent a malformed {header}.");
        byte[] payload = new byte[header.Length];
        channel.Receive(payload);
        channel.EndReceive();
        return payload;
    }

    private static PlannedMessage Message(Party sender, long bytes) => PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, sender, bytes);
}
