using PrivateInference.Frontend;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Testing;
using Xunit.Abstractions;

namespace PrivateInference.Passes.Tests.Exact;

/// <summary>
/// Every exact pass on models that others made: what the rewritten graph computes, against ONNX Runtime on the model's file.
/// </summary>
public sealed class ModelRewriteTests(ITestOutputHelper log)
{
    private const double Tolerance = 1e-4;

    /// <summary>Larger models take the interpreter too long for a test.</summary>
    private const long MaxMultiplyAccumulates = 30_000_000;

    private static readonly Pass[] s_exact = [.. PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact)];

    [SkippableTheory]
    [InlineData("mnist", 20)]
    [InlineData("cifar", 1)]
    [InlineData("graphs", 4)]
    [InlineData("imagenet", 1)]
    [InlineData("other", 2)]
    [InlineData("quantized", 5)]
    [InlineData("sklearn", 4)]
    [InlineData("traffic", 3)]
    public void Exact_passes_keep_what_the_reference_computes(string folder, int atLeast)
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        int compared = SharedModels.Files(folder).Count(IsKept);
        Assert.True(compared >= atLeast, $"only {compared} models were compared");
    }

    private bool IsKept(string file)
    {
        if (Import(file) is not { } model)
            return Skipped(file, "is not imported without options, or too large");
        if (OnnxRuntimeSession.TryOpen(file, out string reason) is not { } session)
            return Skipped(file, reason);
        using (session)
        {
            Random random = new(4);
            Tensor[] inputs = [.. model.Graph.Inputs.Select(v => RandomTensor(v.Type, random))];
            IReadOnlyDictionary<string, Tensor> expected = session.Run(
                model.InputNames.Zip(inputs).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal));
            double original = LargestError(model, model.Graph, inputs, expected);
            if (original > Tolerance)
                return Skipped(file, $"the original differs by {original:E1} already"); // quantised models round otherwise
            foreach ((string name, Graph rewritten) in Rewrites(model.Graph))
            {
                double error = LargestError(model, rewritten, inputs, expected);
                Assert.True(error < Tolerance, $"{file} after {name}: {error:E1}");
                log.WriteLine(
                    $"{Path.GetFileName(file)} {name}: error {error:E1}, sign decisions {SignDecisions.Count(model.Graph)} → {SignDecisions.Count(rewritten)}, "
                    + $"multiply-accumulates {MultiplyAccumulates.Count(model.Graph)} → {MultiplyAccumulates.Count(rewritten)}");
            }
        }

        return true;
    }

    private bool Skipped(string file, string reason)
    {
        log.WriteLine($"{Path.GetFileName(file)}: not compared: {reason}");
        return false;
    }

    /// <summary>What each pass that finds something makes of a graph, and what all of them make of it together.</summary>
    private static IEnumerable<(string Name, Graph Graph)> Rewrites(Graph graph)
    {
        foreach (Pass pass in s_exact)
        {
            PassResult result = new PassManager([pass], verify: true).Run(graph, PassContext.Default);
            Assert.True(SignDecisions.Count(result.Graph) <= SignDecisions.Count(graph), pass.Name);
            Assert.True(MultiplyAccumulates.Count(result.Graph) <= MultiplyAccumulates.Count(graph), pass.Name);
            if (!ReferenceEquals(result.Graph, graph))
                yield return (pass.Name, result.Graph);
        }

        yield return ("all", new PassManager(s_exact, verify: true).RunToFixedPoint(graph, PassContext.Default).Graph);
    }

    private static ImportedModel? Import(string file)
    {
        try
        {
            ImportedModel model = OnnxImporter.Import(file);
            return MultiplyAccumulates.Count(model.Graph) <= MaxMultiplyAccumulates ? model : null;
        }
        catch (Exception e) when (e is ModelNotSupportedException or ModelFormatException)
        {
            return null;
        }
    }

    private static double LargestError(ImportedModel model, Graph graph, Tensor[] inputs, IReadOnlyDictionary<string, Tensor> expected)
        => model.OutputNames.Zip(FloatInterpreter.Run(graph, inputs)).Where(o => expected.ContainsKey(o.First))
            .Max(o => Error(expected[o.First], o.Second));

    /// <summary>Relative to the largest element, or to 1.</summary>
    private static double Error(Tensor expected, Tensor actual)
    {
        if (!expected.Type.IsFloat)
            return expected.Integers.SequenceEqual(actual.Integers) ? 0 : double.PositiveInfinity;
        double scale = expected.Floats.ToArray().Append(1).Max(Math.Abs), error = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
            error = Math.Max(error, Math.Abs(expected.Floats[i] - actual.Floats[i]) / scale);
        return error;
    }

    private static Tensor RandomTensor(TensorType type, Random random) => type.IsFloat
        ? Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextSingle())])
        : Tensor.FromIntegers(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextInt64(2))]);
}
