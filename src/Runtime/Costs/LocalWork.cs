namespace PrivateInference.Runtime.Costs;

/// <summary>What a party computes after its last message and before its next.</summary>
internal sealed record LocalWork(int StepIndex, Phase Phase, Party Party, WorkCost Work) : CostEvent(StepIndex, Phase);
