using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.CommandLine.Output;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>The model without the passes that the user asked for: what these save is measured against it.</summary>
internal static class UnmodifiedModel
{
    /// <summary>What its plan costs; null, with a word about why, where it has none.</summary>
    public static CostSummary? Cost(Graph imported, CompileOptions options, CalibrationData? calibration, ProgressLog log)
    {
        try
        {
            return CostSummary.Of(PlanCosts.Report(BackendCompiler.Compile(PassPipeline.Canonicalize(imported), options, calibration).Plan));
        }
        catch (Exception e) when (e is UnsupportedOperationsException or RingOverflowException or NoiseBudgetException or PlanFormatException)
        {
            log.Say($"  without the passes the model cannot be compiled: {e.Message.Split('\n')[0]}");
            return null;
        }
    }
}
