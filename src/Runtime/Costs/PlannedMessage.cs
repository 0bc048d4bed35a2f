namespace PrivateInference.Runtime.Costs;

/// <summary>A message that a plan's execution will send, and the step that sends it.</summary>
/// <param name="StepIndex">Position in the plan's steps, or <see cref="Session"/>.</param>
/// <param name="Cost">Who sends how much, and when.</param>
public readonly record struct PlannedMessage(int StepIndex, MessageCost Cost)
{
    /// <summary>The step index of what a connection pays once: keys and base OTs.</summary>
    public const int Session = -1;
}
