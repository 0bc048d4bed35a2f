using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Runtime.Costs.Timing;

/// <summary>
/// Plays the events of a session: each party has a clock, each direction of the network a queue. A message streams: its
/// sender's work, its bytes on the network and its receiver's work overlap, and it is there when the slowest is done. A dealer
/// has a network of its own like it.
/// </summary>
internal sealed class Timeline(HostProfile host, NetworkProfile network)
{
    private readonly LinkDirection _up = LinkDirection.Upload(network);
    private readonly LinkDirection _down = LinkDirection.Download(network);
    private readonly LinkDirection _toDealer = LinkDirection.Upload(network);
    private readonly LinkDirection _fromDealer = LinkDirection.Download(network);
    private readonly Dictionary<PlannedMessage, (double First, double Read)> _arrivals = [];
    private double _client;
    private double _server;
    private double _dealer;

    /// <summary>What the client's clock shows, in seconds.</summary>
    public double ClientTime => _client;

    /// <summary>The later of the parties' clocks.</summary>
    public double Latest => Math.Max(_client, _server);

    /// <summary>Moves the clocks of those that take part.</summary>
    public void Play(CostEvent happening)
    {
        switch (happening)
        {
            case LocalWork local:
                ClockOf(local.Party) += host.Seconds(local.Work);
                break;
            case MessageTransfer message:
                Transfer(message);
                break;
            default:
                throw new ArgumentException($"Unknown event {happening}.", nameof(happening));
        }
    }

    private void Transfer(MessageTransfer message)
    {
        ref double sender = ref ClockOf(message.Sender);
        ref double receiver = ref ClockOf(message.Receiver);
        LinkDirection link = LinkOf(message);
        long bytes = message.Message.Cost.Bytes;
        double sending = host.Seconds(message.Sending) + host.Seconds(WorkCost.Of(Primitive.SentByte, bytes));
        (double start, double last) = message.AnswerTo is { } question ? Span(_arrivals[question], message.AnswerPieces) : (sender, sender);
        sender += sending;
        double first = start + link.DelaySeconds;
        double arrived = Math.Max(Transmit(link, start, last, message.AnswerPieces, bytes), last + sending + link.DelaySeconds);
        double read = Math.Max(receiver, first) + host.Seconds(message.Receiving) + host.Seconds(WorkCost.Of(Primitive.ReceivedByte, bytes));
        receiver = Math.Max(read, arrived) + host.Seconds(WorkCost.Of(Primitive.Message, 1));
        _arrivals[message.Message] = (first, receiver);
    }

    // When the first and the last piece of a message are there to be answered.
    private static (double First, double Last) Span((double First, double Read) question, int pieces)
        => (question.First + ((question.Read - question.First) / pieces), question.Read);

    // Sends pieces, evenly from the first to the last; when the last of them arrives.
    private static double Transmit(LinkDirection link, double first, double last, int pieces, long bytes)
    {
        double arrived = 0;
        for (int i = 0; i < pieces; i++)
            arrived = link.Transmit(i == pieces - 1 ? last : first + (i * (last - first) / (pieces - 1)), (bytes * (i + 1) / pieces) - (bytes * i / pieces));
        return arrived;
    }

    private LinkDirection LinkOf(MessageTransfer message)
    {
        if (message.InvolvesDealer)
            return message.Sender == Party.Helper ? _fromDealer : _toDealer;
        return message.Sender == Party.Client ? _up : _down;
    }

    private ref double ClockOf(Party party)
    {
        if (party == Party.Client)
            return ref _client;
        if (party == Party.Helper)
            return ref _dealer;
        return ref _server;
    }
}
