namespace PrivateInference.Runtime.Transport.Emulation;

/// <summary>An end of a channel whose bytes arrive as late as an emulated network would deliver them.</summary>
internal sealed class EmulatedChannel(IChannel inner, LinkDirection outgoing, LinkDirection incoming, ILinkClock clock) : IChannel
{
    public void Send(ReadOnlySpan<byte> data)
    {
        // Before the bytes: the receiver may have them at once.
        outgoing.Send(clock.Now, data.Length);
        inner.Send(data);
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        outgoing.Send(clock.Now, data.Length);
        inner.Post(data);
    }

    public void Flush() => inner.Flush();

    public void Receive(Span<byte> data)
    {
        inner.Receive(data);
        clock.WaitUntil(incoming.Receive(data.Length));
    }

    public void Dispose() => inner.Dispose();
}
