using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>The model without the passes that the user asked for: what these save is measured against it.</summary>
/// <param name="Plan">Its plan; null where it has none.</param>
/// <param name="Cost">What that costs.</param>
/// <param name="Problem">Why there is no plan.</param>
internal sealed record UnmodifiedModel(ExecutionPlan? Plan, CostSummary? Cost, string? Problem)
{
    public static UnmodifiedModel Compile(Graph imported, CompileOptions options, CalibrationData? calibration)
    {
        try
        {
            // Without the passes there may be no polynomial whose range could be checked, and steps have other names.
            CompileOptions general = options with { RangeCheckMargin = null, Protocols = [.. options.Protocols.Where(p => p.Step is null)] };
            ExecutionPlan plan = BackendCompiler.Compile(PassPipeline.Canonicalize(imported), general, calibration).Plan;
            return new UnmodifiedModel(plan, CostSummary.Of(PlanCosts.Report(plan)), Problem: null);
        }
        catch (Exception e) when (e is UnsupportedOperationsException or RingOverflowException or TruncationFailureException or NoiseBudgetException or PlanFormatException)
        {
            return new UnmodifiedModel(Plan: null, Cost: null, e.Message);
        }
    }
}
