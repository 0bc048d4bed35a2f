using System.Buffers.Binary;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The first two messages of a session. The client states what it speaks and which plan it holds; the server accepts, or
/// names the first difference.
/// </summary>
internal static class Handshake
{
    /// <summary>The version of the wire protocol; raised by any change to what the parties exchange.</summary>
    public const ushort ProtocolVersion = 4;

    /// <summary>κ: computational security in bits.</summary>
    public const ushort ComputationalSecurity = 128;

    /// <summary>σ: statistical security in bits, of noise flooding.</summary>
    public const ushort StatisticalSecurity = 40;

    /// <summary>Payload bytes of the hello: magic (8), version (2), role (1), plan format (1), κ (2), σ (2), plan hash (32), dealer's ticket (32).</summary>
    public const int HelloBytes = TicketOffset + DealerTicket.Size;

    /// <summary>Payload bytes of the welcome: the plan hash.</summary>
    public const int WelcomeBytes = HashBytes;

    private const int HashBytes = 32;
    private const int HashOffset = 16;
    private const int TicketOffset = HashOffset + HashBytes;

    private static ReadOnlySpan<byte> Magic => "ONNX2MPC"u8;

    /// <summary>The client's side: introduces itself and waits to be accepted.</summary>
    public static void Introduce(MessageChannel channel, ReadOnlySpan<byte> planHash, DealerTicket ticket)
    {
        Span<byte> hello = stackalloc byte[HelloBytes];
        Magic.CopyTo(hello);
        BinaryPrimitives.WriteUInt16LittleEndian(hello[8..], ProtocolVersion);
        hello[10] = (byte)Party.Client;
        hello[11] = ExecutionPlan.FormatVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(hello[12..], ComputationalSecurity);
        BinaryPrimitives.WriteUInt16LittleEndian(hello[14..], StatisticalSecurity);
        planHash.CopyTo(hello[HashOffset..]);
        ticket.Bytes.Span.CopyTo(hello[TicketOffset..]);
        channel.BeginSend(MessageKind.Hello, Phase.Offline, PlannedMessage.Session, HelloBytes);
        channel.Send(hello);
        channel.EndSend();

        Span<byte> welcome = stackalloc byte[WelcomeBytes];
        channel.BeginReceive(MessageKind.Welcome, Phase.Offline, PlannedMessage.Session, WelcomeBytes);
        channel.Receive(welcome);
        channel.EndReceive();
        if (!welcome.SequenceEqual(planHash))
            throw new PeerProtocolException("The server accepted the session for another plan.");
    }

    /// <summary>The server's answer to a client that it serves.</summary>
    public static void Accept(MessageChannel channel, ReadOnlySpan<byte> planHash)
    {
        channel.BeginSend(MessageKind.Welcome, Phase.Offline, PlannedMessage.Session, WelcomeBytes);
        channel.Send(planHash);
        channel.EndSend();
    }

    /// <summary>Reads the client's introduction without judging it.</summary>
    /// <exception cref="PeerProtocolException">The peer sent something else.</exception>
    public static byte[] ReceiveHello(MessageChannel channel)
    {
        byte[] hello = new byte[HelloBytes];
        channel.BeginReceive(MessageKind.Hello, Phase.Offline, PlannedMessage.Session, HelloBytes);
        channel.Receive(hello);
        channel.EndReceive();
        return hello;
    }

    /// <summary>The session that the client has opened at a dealer, if it has.</summary>
    public static DealerTicket Ticket(ReadOnlySpan<byte> hello) => DealerTicket.Read(hello[TicketOffset..]);

    /// <summary>Why a server of this plan cannot serve the client; null where it can.</summary>
    public static string? Refusal(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> planHash)
    {
        if (!hello[..8].SequenceEqual(Magic))
            return "The peer does not speak the onnx2mpc protocol.";
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(hello[8..]);
        if (version != ProtocolVersion)
            return $"The client speaks protocol version {version}, this server version {ProtocolVersion}; use the same release on both sides.";
        if (hello[10] != (byte)Party.Client)
            return "The peer does not claim the client's role.";
        if (hello[11] != ExecutionPlan.FormatVersion)
            return $"The client reads plan format {hello[11]}, this server format {ExecutionPlan.FormatVersion}; use the same release on both sides.";
        ushort computational = BinaryPrimitives.ReadUInt16LittleEndian(hello[12..]);
        ushort statistical = BinaryPrimitives.ReadUInt16LittleEndian(hello[14..]);
        if (computational != ComputationalSecurity || statistical != StatisticalSecurity)
            return $"The client asks for {computational}-bit security ({statistical} statistical), this server offers {ComputationalSecurity} ({StatisticalSecurity}).";
        ReadOnlySpan<byte> clientHash = hello.Slice(HashOffset, HashBytes);
        return clientHash.SequenceEqual(planHash)
            ? null
            : $"The client holds plan {Convert.ToHexStringLower(clientHash[..8])}…, this server serves plan {Convert.ToHexStringLower(planHash[..8])}…; "
                + "use the plan file that was compiled together with the server's weights.";
    }
}
