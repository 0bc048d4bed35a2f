using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>Forgets what is sent and plays the same bytes over and over, so that one party's work is measured alone.</summary>
internal sealed class ReplayChannel(byte[] tape) : IChannel
{
    private int _position;

    public ReplayChannel()
        : this(new byte[1 << 16])
    {
    }

    /// <summary>Starts from the tape's first byte again.</summary>
    public void Rewind() => _position = 0;

    public void Send(ReadOnlySpan<byte> data)
    {
        // Nobody listens.
    }

    public void Post(ReadOnlySpan<byte> data) => Send(data);

    public void Flush()
    {
        // Nothing is kept.
    }

    public void Receive(Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            int count = Math.Min(data.Length, tape.Length - _position);
            tape.AsSpan(_position, count).CopyTo(data);
            _position = (_position + count) % tape.Length;
            data = data[count..];
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
