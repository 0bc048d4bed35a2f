namespace PrivateInference.Runtime.Plan;

/// <summary>Sees the ring elements of each step's value as the interpreter computes them; the span is valid during the call.</summary>
public delegate void StepObserver(PlanStep step, ReadOnlySpan<ulong> words);
