namespace PrivateInference.Runtime.Costs;

/// <summary>A message with what its sender computes while it sends, and its receiver while it receives: bytes stream.</summary>
internal sealed record MessageTransfer(PlannedMessage Message, WorkCost Sending, WorkCost Receiving)
    : CostEvent(Message.StepIndex, Message.Cost.Phase)
{
    /// <summary>A message that takes no work to speak of.</summary>
    public MessageTransfer(PlannedMessage message)
        : this(message, WorkCost.None, WorkCost.None)
    {
    }

    public Party Sender => Message.Cost.Sender;

    /// <summary>The other of client and server, unless a dealer takes part; a dealer writes to the server.</summary>
    public Party Receiver { get; init; } = Message.Cost.Sender == Party.Server ? Party.Client : Party.Server;

    /// <summary>
    /// A message to the sender that this one answers as soon as it is there, whatever the sender has received since; null where the sender
    /// sends it when it has done everything before.
    /// </summary>
    public PlannedMessage? AnswerTo { get; init; }

    /// <summary>Whether the answer starts when the first bytes of the other message are there, and ends after its last.</summary>
    public bool StreamsAnswer { get; init; }

    /// <summary>Whether it travels between the server, or the client, and a dealer.</summary>
    public bool InvolvesDealer => Sender == Party.Helper || Receiver == Party.Helper;
}
