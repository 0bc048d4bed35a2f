using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>What one party has sent, taken apart into messages.</summary>
internal static class Transcript
{
    public static List<(MessageHeader Header, byte[] Payload)> Parse(ReadOnlySpan<byte> sent)
    {
        List<(MessageHeader, byte[])> messages = [];
        while (!sent.IsEmpty)
        {
            MessageHeader header = MessageHeader.Read(sent);
            messages.Add((header, sent.Slice(MessageHeader.Size, (int)header.Length).ToArray()));
            sent = sent[(MessageHeader.Size + (int)header.Length)..];
        }

        return messages;
    }

    /// <summary>The payloads of a step's offline messages in order.</summary>
    public static List<byte[]> Offline(ReadOnlySpan<byte> sent, int step)
        => [.. Parse(sent).Where(m => m.Header.Kind == MessageKind.Step && m.Header.Phase == Phase.Offline && m.Header.Step == step).Select(m => m.Payload)];

    /// <summary>The payloads of a step's online messages in order, one an inference.</summary>
    public static List<byte[]> Online(ReadOnlySpan<byte> sent, MessageKind kind, int step)
        => [.. Parse(sent).Where(m => m.Header.Kind == kind && m.Header.Phase == Phase.Online && m.Header.Step == step).Select(m => m.Payload)];
}
