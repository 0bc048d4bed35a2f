using PrivateInference.Backends;
using PrivateInference.Backends.Reports;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Support;

/// <summary>What <c>compile --report</c> says beyond the plan: the rewrites, the model without them, and accuracy.</summary>
internal static class CompileReport
{
    /// <param name="settings">For whom the report predicts.</param>
    /// <param name="compiled">The plan.</param>
    /// <param name="trace">What the passes did.</param>
    /// <param name="unmodified">The model without the passes; null where there were none.</param>
    /// <param name="accuracy">How good the plan is; null where that was not measured.</param>
    public static ReportContent Of(
        ReportSettings settings, CompiledModel compiled, IReadOnlyList<PassTrace> trace, UnmodifiedModel? unmodified, MeasuredAccuracy? accuracy)
        => new()
        {
            Settings = settings,
            Plan = ReportedPlan.Of(compiled.Plan, settings) with { Accuracy = Accuracy(accuracy) },
            Passes = [.. trace.Select(t => new ReportedPass(t.Pass, t.Contract.ToString().ToLowerInvariant(), t.Before.SignDecisions, t.After.SignDecisions, t.Notes))],
            Unmodified = unmodified?.Plan is { } plan ? ReportedPlan.Of(plan, settings) : null,
            UnmodifiedProblem = unmodified?.Problem is { } problem ? $"without its rewrites the model cannot be compiled. {problem}" : null,
        };

    private static ReportedAccuracy? Accuracy(MeasuredAccuracy? measured) => measured is null
        ? null
        : new ReportedAccuracy(measured.Samples, measured.Labelled ? "labels" : "the model before any pass", measured.Plan, measured.Model);
}
