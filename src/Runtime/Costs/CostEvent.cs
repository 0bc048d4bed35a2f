namespace PrivateInference.Runtime.Costs;

/// <summary>
/// Something that happens in a session: a message, or work of one party between messages. The list of a session's events in
/// order is the whole cost model; traffic, work and time are folded from it.
/// </summary>
/// <param name="StepIndex">Position in the plan's steps, or <see cref="PlannedMessage.Session"/>.</param>
/// <param name="Phase">When.</param>
internal abstract record CostEvent(int StepIndex, Phase Phase);
