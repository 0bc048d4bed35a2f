using System.Buffers.Binary;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Transport;

/// <summary>
/// What precedes every message: what it is, which step and phase it belongs to, and how long it is. Both parties derive
/// all four from the public plan, so a receiver checks them before it reads a single payload byte.
/// </summary>
public readonly record struct MessageHeader(MessageKind Kind, Phase Phase, int Step, long Length)
{
    /// <summary>Bytes on the wire: kind (1), phase (1), reserved (2, zero), step (4), length (8), little-endian.</summary>
    public const int Size = 16;

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Kind;
        destination[1] = (byte)Phase;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Step);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Length);
    }

    /// <exception cref="PeerProtocolException">The reserved bytes are not zero.</exception>
    public static MessageHeader Read(ReadOnlySpan<byte> source)
    {
        MessageHeader header = new(
            (MessageKind)source[0],
            (Phase)source[1],
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]));
        return source[2] == 0 && source[3] == 0
            ? header
            : throw new PeerProtocolException($"The peer sent what is no message header ({header}).");
    }

    public override string ToString() => Step == PlannedMessage.Session
        ? $"{Kind} message of {Length} bytes"
        : $"{Kind} message of {Length} bytes for step {Step} ({Phase})";
}
