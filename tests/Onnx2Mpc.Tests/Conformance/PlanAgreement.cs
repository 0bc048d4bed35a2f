using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.Conformance;

/// <summary>A model's plan, executed in the clear, against ONNX Runtime; everything that a user can leave open is left open.</summary>
/// <param name="Model">The model's folder and name.</param>
internal sealed record PlanAgreement(string Model)
{
    private const long CalibrationWork = 20_000_000_000, MeasuredWork = 20_000_000_000, WorkPerElement = 100;
    private const int FewestCalibration = 8, MostCalibration = 64, FewestImages = 20;
    private static readonly int[] _imageCounts = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

    /// <summary>Why there is no plan, or nothing to compare it with; null where it was compared.</summary>
    public string? Reason { get; private init; }

    public string Data { get; private init; } = "";

    public int CalibrationSamples { get; private init; }

    public int RingBits { get; private init; }

    public ClearComparison? Comparison { get; private init; }

    /// <summary>Whether the output is a class; regressions and embeddings look like scores.</summary>
    public bool IsClassification => Comparison!.IsClassification && Model is not ("traffic/marabou_TinyTaxiNet.onnx" or "other/heman_mobilefacenets.onnx");

    /// <summary>How a feature map of integers differs; null for any other output.</summary>
    public IntegerDifference? Integers => IsClassification ? null : Comparison!.Integers;

    /// <summary>99% of the classes, 99.9% of the integers and the others one step off, or every element within 1% of the output's range.</summary>
    public bool IsGood => IsClassification ? Comparison!.Agreement >= 0.99 : Integers?.IsRounding ?? Comparison!.RelativeError <= 0.01;

    /// <param name="file">A model.</param>
    /// <param name="mostImages">How many images to measure on at most; large models take fewer.</param>
    public static PlanAgreement Measure(string file, int mostImages = int.MaxValue)
    {
        PlanAgreement result = new(SharedFiles.NameOf(file));
        try
        {
            return result.Compare(file, mostImages);
        }
        catch (ModelNotSupportedException e)
        {
            return result with { Reason = Distinct(e.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.OperatorType is null ? d.Message : $"{d.OperatorType}: {d.Message}")) };
        }
        catch (UnsupportedOperationsException e)
        {
            return result with { Reason = Distinct(e.Diagnostics.Select(d => $"{d.Operation}: {d.Message}")) };
        }
        catch (Exception e) when (e is RingOverflowException or NoiseBudgetException or PlanFormatException or GraphException or OnnxRuntimeException)
        {
            return result with { Reason = e.Message };
        }
    }

    private PlanAgreement Compare(string file, int mostImages)
    {
        Graph graph = ModelLoader.Rewrite(ModelLoader.Import(file).Graph, []).Graph;
        if (BackendCompiler.Check(graph) is { Length: > 0 } problems)
            throw new UnsupportedOperationsException(problems);
        long work = graph.Nodes.Sum(n => LayerSummary.Of(graph, n).MultiplyAccumulates + (WorkPerElement * n.Output.Shape.Count));
        AgreementData data = AgreementData.For(graph.Inputs[0].Type);
        int calibrated = (int)Math.Clamp(CalibrationWork / work, FewestCalibration, MostCalibration);
        CompiledModel compiled = BackendCompiler.Compile(graph, new CompileOptions(), new CalibrationData([.. data.Calibration.Take(calibrated).Select(s => s.Input)]));
        using FloatModel reference = FloatModel.LoadOnnxRuntime(file);
        int count = _imageCounts.Last(n => n == FewestImages || (n <= MeasuredWork / work && n <= mostImages && n <= data.Test.Count));
        return this with
        {
            Data = data.Description,
            CalibrationSamples = calibrated,
            RingBits = compiled.Plan.RingBits,
            Comparison = ClearComparison.Run(compiled.Plan, compiled.Weights, reference, data.Test, count, kept: 0, new ProgressLog(quiet: true), CancellationToken.None),
        };
    }

    private static string Distinct(IEnumerable<string> reasons) => string.Join(" ", reasons.GroupBy(r => r, StringComparer.Ordinal).Select(g => g.Count() > 1 ? $"{g.Count()}× {g.Key}" : g.Key));
}
