namespace PrivateInference.CommandLine.Support;

/// <summary>How good a plan is on samples, next to the model as it was before any pass.</summary>
/// <param name="Samples">How many samples there were.</param>
/// <param name="Labelled">
/// Whether they have labels. If not, the model's predictions are taken for them: its accuracy is 1, the plan's is how often it
/// agrees.
/// </param>
/// <param name="Model">The model's accuracy.</param>
/// <param name="Plan">The plan's accuracy.</param>
internal sealed record MeasuredAccuracy(int Samples, bool Labelled, double Model, double Plan)
{
    public double Drop => Model - Plan;

    /// <exception cref="UsageException">The output names no class.</exception>
    public static MeasuredAccuracy Of(ClearComparison comparison)
    {
        if (!comparison.IsClassification)
            throw new UsageException("--min-accuracy and --max-accuracy-drop are for classifiers; compare other outputs with 'onnx2mpc verify --maximum-error'.");
        return comparison is { FloatAccuracy: { } model, PlanAccuracy: { } plan }
            ? new MeasuredAccuracy(comparison.Samples, Labelled: true, model, plan)
            : new MeasuredAccuracy(comparison.Samples, Labelled: false, 1, comparison.Agreement);
    }
}
