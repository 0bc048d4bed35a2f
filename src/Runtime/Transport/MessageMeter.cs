using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Transport;

/// <summary>The messages a party has sent and received, in order, with every byte they put on the stream.</summary>
public sealed class MessageMeter
{
    private readonly List<PlannedMessage> _messages = [];

    public IReadOnlyList<PlannedMessage> Messages => _messages;

    public void Record(PlannedMessage message) => _messages.Add(message);

    /// <summary>Brings what was recorded from a message on into another order: that of flights, where messages crossed.</summary>
    internal void Reorder(int first, Func<IEnumerable<PlannedMessage>, IEnumerable<PlannedMessage>> order)
    {
        PlannedMessage[] ordered = [.. order(_messages[first..])];
        _messages.RemoveRange(first, _messages.Count - first);
        _messages.AddRange(ordered);
    }

    /// <summary>Returns what was recorded so far and starts anew.</summary>
    public IReadOnlyList<PlannedMessage> Take()
    {
        PlannedMessage[] taken = [.. _messages];
        _messages.Clear();
        return taken;
    }
}
