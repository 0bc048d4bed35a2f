using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>The first two messages between a party and the dealer: who asks for which plan and session, and the party's seed.</summary>
internal static class DealerHandshake
{
    /// <summary>The version of what parties and dealer exchange.</summary>
    public const ushort ProtocolVersion = 1;

    /// <summary>Payload bytes: magic (8), version (2), role (1), plan format (1), plan hash (32), ticket (32).</summary>
    public const int HelloBytes = HashOffset + HashBytes + DealerTicket.Size;

    private const int HashBytes = 32;
    private const int HashOffset = 12;

    /// <summary>From a party: its introduction.</summary>
    public static PlannedMessage Hello(Party party) => PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, party, HelloBytes);

    /// <summary>From the dealer: the party's seed.</summary>
    public static PlannedMessage Seed { get; } = PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, Party.Helper, Block.Size);

    private static ReadOnlySpan<byte> Magic => "ONNX2DLR"u8;

    /// <summary>A party's side.</summary>
    /// <returns>The streams of the party's seed.</returns>
    /// <exception cref="PeerProtocolException">The dealer refuses, or is none.</exception>
    public static DealerStreams Introduce(MessageChannel channel, Party party, ReadOnlySpan<byte> planHash, DealerTicket ticket)
    {
        Span<byte> hello = stackalloc byte[HelloBytes];
        Magic.CopyTo(hello);
        BinaryPrimitives.WriteUInt16LittleEndian(hello[8..], ProtocolVersion);
        hello[10] = (byte)party;
        hello[11] = ExecutionPlan.FormatVersion;
        planHash.CopyTo(hello[HashOffset..]);
        ticket.Bytes.Span.CopyTo(hello[(HashOffset + HashBytes)..]);
        channel.BeginSend(MessageKind.Hello, Hello(party));
        channel.Send(hello);
        channel.EndSend();

        Block seed = default;
        channel.BeginReceive(MessageKind.Welcome, Seed);
        channel.Receive(MemoryMarshal.AsBytes(new Span<Block>(ref seed)));
        channel.EndReceive();
        return new DealerStreams(seed);
    }

    /// <summary>The dealer's side: reads a party's introduction.</summary>
    /// <returns>Why the party must be refused, or who it is and which session it names.</returns>
    public static (string? Refusal, Party Party, DealerTicket Ticket) Receive(MessageChannel channel, ReadOnlySpan<byte> planHash)
    {
        Span<byte> hello = stackalloc byte[HelloBytes];
        channel.BeginReceive(MessageKind.Hello, Hello(Party.Client));
        channel.Receive(hello);
        channel.EndReceive();
        return (Refusal(hello, planHash), (Party)hello[10], DealerTicket.Read(hello[(HashOffset + HashBytes)..]));
    }

    /// <summary>The dealer's side: gives a party its seed.</summary>
    public static void SendSeed(MessageChannel channel, Block seed)
    {
        channel.BeginSend(MessageKind.Welcome, Seed);
        channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<Block>(in seed)));
        channel.EndSend();
    }

    private static string? Refusal(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> planHash)
    {
        if (!hello[..8].SequenceEqual(Magic))
            return "The peer does not speak to a dealer.";
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(hello[8..]);
        if (version != ProtocolVersion || hello[11] != ExecutionPlan.FormatVersion)
            return $"The peer speaks dealer protocol {version} and plan format {hello[11]}, this dealer {ProtocolVersion} and {ExecutionPlan.FormatVersion}; use the same release everywhere.";
        if (hello[10] is not ((byte)Party.Client or (byte)Party.Server))
            return "The peer claims to be neither client nor server.";
        ReadOnlySpan<byte> hash = hello.Slice(HashOffset, HashBytes);
        return hash.SequenceEqual(planHash)
            ? null
            : $"The peer holds plan {Convert.ToHexStringLower(hash[..8])}…, this dealer deals for plan {Convert.ToHexStringLower(planHash[..8])}…; use one plan file everywhere.";
    }
}
