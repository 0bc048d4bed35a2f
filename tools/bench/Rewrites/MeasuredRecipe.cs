namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>What a recipe does to a model.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="SignDecisions">Of one inference of the rewritten graph.</param>
/// <param name="PlannedDecisions">Of one inference of its plan, after what the compiler fuses; null where it has none.</param>
/// <param name="Cost">What its plan exchanges; null where it has none.</param>
/// <param name="Accuracy">Part of the test images that the rewritten float model classifies correctly.</param>
/// <param name="CorrectedAccuracy">The same after <c>recalibrate</c>.</param>
internal sealed record MeasuredRecipe(string Name, long SignDecisions, long? PlannedDecisions, PlanTraffic? Cost, double Accuracy, double CorrectedAccuracy)
{
    /// <summary>The operations that keep the model from being compiled; empty where there are none.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];
}
