using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Costs;

/// <summary>
/// A message as the cost model predicts it and the meter records it. Bytes include the message header: they are all that
/// the application hands to the transport.
/// </summary>
/// <param name="StepIndex">Position in the plan's steps, or <see cref="Session"/>.</param>
/// <param name="Cost">Who sends how much, and when.</param>
public readonly record struct PlannedMessage(int StepIndex, MessageCost Cost)
{
    /// <summary>The step index of what a connection pays once: handshake, keys and base OTs.</summary>
    public const int Session = -1;

    /// <summary>A message with this payload and the header every message has.</summary>
    public static PlannedMessage Create(int stepIndex, Phase phase, Party sender, long payloadBytes)
        => new(stepIndex, new MessageCost(phase, sender, payloadBytes + MessageHeader.Size));
}
