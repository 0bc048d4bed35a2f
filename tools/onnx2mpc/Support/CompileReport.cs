using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Reports;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Support;

/// <summary>What <c>compile --report</c> says beyond the plan: the rewrites, the model without them, and accuracy.</summary>
internal static class CompileReport
{
    /// <param name="settings">For whom the report predicts.</param>
    /// <param name="compiled">The plan.</param>
    /// <param name="original">The imported model.</param>
    /// <param name="trace">What the passes did.</param>
    /// <param name="options">How the plan was compiled.</param>
    /// <param name="calibration">With what samples.</param>
    /// <param name="accuracy">How good the plan is; null where that was not measured.</param>
    public static ReportContent Of(
        ReportSettings settings, CompiledModel compiled, Graph original, IReadOnlyList<PassTrace> trace, CompileOptions options,
        CalibrationData? calibration, MeasuredAccuracy? accuracy)
    {
        ReportContent content = new()
        {
            Settings = settings,
            Plan = ReportedPlan.Of(compiled.Plan, settings) with { Accuracy = Accuracy(accuracy) },
            Passes = [.. trace.Select(t => new ReportedPass(t.Pass, t.Contract.ToString().ToLowerInvariant(), t.Before.SignDecisions, t.After.SignDecisions, t.Notes))],
        };
        return trace.Count == 0 ? content : WithUnmodified(content, original, options, calibration);
    }

    private static ReportContent WithUnmodified(ReportContent content, Graph original, CompileOptions options, CalibrationData? calibration)
    {
        try
        {
            CompiledModel unmodified = BackendCompiler.Compile(PassPipeline.Canonicalize(original), options, calibration);
            return content with { Unmodified = ReportedPlan.Of(unmodified.Plan, content.Settings) };
        }
        catch (Exception e) when (e is UnsupportedOperationsException or RingOverflowException)
        {
            return content with { UnmodifiedProblem = $"without its rewrites the model cannot be compiled. {e.Message}" };
        }
    }

    private static ReportedAccuracy? Accuracy(MeasuredAccuracy? measured) => measured is null
        ? null
        : new ReportedAccuracy(measured.Samples, measured.Labelled ? "labels" : "the model before any pass", measured.Plan, measured.Model);
}
