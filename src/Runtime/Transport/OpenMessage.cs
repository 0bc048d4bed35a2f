namespace PrivateInference.Runtime.Transport;

/// <summary>A message that is being sent, or being received.</summary>
internal struct OpenMessage
{
    /// <summary>Of the message, or of the last one where none is open.</summary>
    public MessageHeader Header { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>Payload bytes that are still to be moved.</summary>
    public long Remaining { get; private set; }

    public void Begin(MessageHeader header)
    {
        Header = header;
        Remaining = header.Length;
        IsOpen = true;
    }

    /// <exception cref="InvalidOperationException">No message is open, or it has fewer bytes left.</exception>
    public void Move(int bytes)
    {
        if (!IsOpen || bytes > Remaining)
            throw new InvalidOperationException($"A protocol moved {bytes} bytes outside its message ({Header}, {Remaining} bytes left).");
        Remaining -= bytes;
    }

    /// <exception cref="InvalidOperationException">No message is open, or it has bytes left.</exception>
    public void End()
    {
        if (!IsOpen || Remaining != 0)
            throw new InvalidOperationException($"{Remaining} bytes of the {Header} were not moved.");
        IsOpen = false;
    }
}
