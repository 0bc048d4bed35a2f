using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Transport;

/// <summary>The messages a party has sent and received, in order, with every byte they put on the stream.</summary>
public sealed class MessageMeter
{
    private readonly List<PlannedMessage> _messages = [];

    public IReadOnlyList<PlannedMessage> Messages => _messages;

    public void Record(PlannedMessage message) => _messages.Add(message);

    /// <summary>Returns what was recorded so far and starts anew.</summary>
    public IReadOnlyList<PlannedMessage> Take()
    {
        PlannedMessage[] taken = [.. _messages];
        _messages.Clear();
        return taken;
    }
}
