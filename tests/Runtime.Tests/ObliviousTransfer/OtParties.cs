using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

/// <summary>Runs the two roles of a protocol against each other, and makes correlated-OT parties without base OT.</summary>
internal static class OtParties
{
    public static void Run(Action<IChannel> first, Action<IChannel> second)
    {
        (MemoryChannel a, MemoryChannel b) = MemoryChannel.CreatePair();
        Task other = Task.Run(() =>
        {
            using (b)
                second(b);
        });
        using (a)
            first(a);
        other.GetAwaiter().GetResult();
    }

    public static (CorrelatedOtSender Sender, CorrelatedOtReceiver Receiver) Correlated(Block delta, int fieldBits = CorrelatedOt.FieldBits)
    {
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = Unprepared(delta, fieldBits);
        (MemoryChannel a, MemoryChannel b) = MemoryChannel.CreatePair();
        receiver.SendSetup(a);
        sender.ReceiveSetup(b);
        return (sender, receiver);
    }

    /// <summary>As after the base transfers, before the trees are sent.</summary>
    public static (CorrelatedOtSender Sender, CorrelatedOtReceiver Receiver) Unprepared(Block delta, int fieldBits = CorrelatedOt.FieldBits)
    {
        AesCtrGenerator generator = SecureRandom.CreateGenerator();
        var zero = new Block[CorrelatedOt.BaseCount];
        var one = new Block[CorrelatedOt.BaseCount];
        generator.Fill(zero);
        generator.Fill(one);
        byte[] choices = CorrelatedOtSender.Choices(delta);
        Block[] chosen = [.. zero.Select((key, i) => ((choices[i / 8] >> (i % 8)) & 1) == 0 ? key : one[i])];
        return (new CorrelatedOtSender(delta, chosen, fieldBits), new CorrelatedOtReceiver(zero, one, fieldBits));
    }

    public static (ulong, ulong) Words(Block block) => (block.Low, block.High);

    public static bool Bit(byte[] packed, int index) => ((packed[index / 8] >> (index % 8)) & 1) == 1;
}

/// <summary>Counts bytes in each direction and keeps a copy of what is sent.</summary>
internal sealed class RecordingChannel(IChannel inner) : IChannel
{
    public List<byte> Sent { get; } = [];

    public long Received { get; private set; }

    public void Send(ReadOnlySpan<byte> data)
    {
        Sent.AddRange(data);
        inner.Send(data);
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        Sent.AddRange(data);
        inner.Post(data);
    }

    public void Flush() => inner.Flush();

    public void Receive(Span<byte> data)
    {
        Received += data.Length;
        inner.Receive(data);
    }

    public void Dispose() => inner.Dispose();
}
