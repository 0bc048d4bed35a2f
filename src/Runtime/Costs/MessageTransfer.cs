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
    /// A message to the sender that this one answers while it arrives, whatever the sender has received since; null where the sender
    /// sends it when it has done everything before.
    /// </summary>
    public PlannedMessage? AnswerTo { get; init; }

    /// <summary>In how many pieces the message is answered, of about one size; the last piece waits for all of the message.</summary>
    public int AnswerPieces { get; init; } = 1;

    /// <summary>Whether it travels between the server, or the client, and a dealer.</summary>
    public bool InvolvesDealer => Sender == Party.Helper || Receiver == Party.Helper;
}
