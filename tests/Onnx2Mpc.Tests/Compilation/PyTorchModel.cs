using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.CommandLine.Tests.Compilation;

/// <summary>A model that <c>tools/conformance/export.py</c> wrote, on its way to a plan.</summary>
internal sealed class PyTorchModel
{
    private const int Samples = 8;

    /// <summary>The sizes of what one of the models leaves open besides its batch.</summary>
    private static readonly ImportOptions _import = new() { Dimensions = ImmutableDictionary<string, int>.Empty.Add("h", 6).Add("w", 6) };

    /// <summary>The inputs are what the expected outputs were computed for: numbers from −1 to 1.</summary>
    private static readonly CompileOptions _options = new() { InputMinimum = -1, InputMaximum = 1 };

    private PyTorchModel(string name)
    {
        Name = name;
        Graph = PassPipeline.Canonicalize(OnnxImporter.Import(Path.Combine(Folder, name, "model.onnx"), _import).Graph);
        Findings = BackendCompiler.Check(Graph);
    }

    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateDirectories(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public string Name { get; }

    public Graph Graph { get; }

    /// <summary>Why the model does not compile; empty where it does.</summary>
    public ImmutableArray<CompileDiagnostic> Findings { get; }

    private static string Folder => Path.Combine(Repository.Root, "tests", "data", "pytorch");

    public static PyTorchModel Load(string name) => new(name);

    public CompiledModel Compile(CalibrationData? calibration = null) => BackendCompiler.Compile(Graph, _options, calibration);

    public CalibrationData RandomSamples()
    {
        Random random = new(1);
        return new CalibrationData([.. Enumerable.Range(0, Samples).Select(_ => RandomSample(random, Graph.Inputs[0].Type))]);
    }

    /// <summary>A line for a model that compiles: the ring, without and with calibration. Else every reason, a line each.</summary>
    public string Describe()
    {
        if (!Findings.IsEmpty)
            return $"{Name}: refused\n" + string.Concat(Findings.Select(f => $"    {f with { Hint = null }}\n"));
        ExecutionPlan plan = Compile().Plan;
        int nonLinear = plan.Steps.Count(s => s is NonLinearStep), calibratedBits = Compile(RandomSamples()).Plan.RingBits;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: compiles; {plan.RingBits} bits, {calibratedBits} with calibration; {plan.Steps.Length} steps, {nonLinear} of them non-linear\n");
    }

    private static Tensor RandomSample(Random random, TensorType type)
        => Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => (random.NextSingle() * 2) - 1)]);
}
