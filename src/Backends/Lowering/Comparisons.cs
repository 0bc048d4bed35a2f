using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Lowering;

/// <summary>Operations that compare values, and what takes their place where a backend has no comparison.</summary>
internal static class Comparisons
{
    /// <exception cref="LoweringException">The operation compares.</exception>
    public static void Refuse(Operation operation)
    {
        if (Rewrite(operation) is { } hint)
            throw new LoweringException(CompileDiagnosticCodes.NeedsComparison, "It compares values, which this backend has no protocol for.", hint);
    }

    /// <summary>The pass that removes the comparison; null for what makes none.</summary>
    private static string? Rewrite(Operation operation) => operation switch
    {
        Relu or Clip or LeakyRelu or PRelu or HardSigmoid or ThresholdedRelu or Shrink or Unary { Kind: UnaryKind.Abs }
            => "Pass 'polynomial' puts a polynomial in its place, 'remove-activation' nothing.",
        MaxPool or Reduce { Kind: ReduceKind.Max } => "Pass 'maxpool-to-avgpool' takes the mean in the place of the maximum.",
        DRelu => "Leave out pass 'relu-share', and let pass 'polynomial' replace the activation.",
        Binary { Kind: BinaryKind.Min or BinaryKind.Max } => "Write it as an activation, which pass 'polynomial' replaces, or choose backend 'hybrid'.",
        QuantizeLinear or Cast { Target: not (ElementType.Float32 or ElementType.Float64) }
            => "Compile the model as it was before quantisation: rounding compares.",
        _ => null,
    };
}
