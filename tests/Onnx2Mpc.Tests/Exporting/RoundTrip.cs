using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Printing;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.Exporting;

/// <summary>A graph that is written as a model and read back.</summary>
internal sealed class RoundTrip(Graph graph, bool standardOnly = false)
{
    private const double Tolerance = 1e-4;

    /// <summary>The part of the elements that may differ: a sum that rounds the other way quantises to the next step.</summary>
    private readonly double _strays = graph.Nodes.Any(n => n.Operation is QuantizeLinear) ? 0.02 : 0;

    private readonly byte[] _model = OnnxExporter.Export(graph, new ExportOptions { StandardOnly = standardOnly }).ToBytes();

    /// <summary>ONNX Runtime computes from the file what the interpreter computes from the graph.</summary>
    public void RequireSameResults(IEnumerable<Tensor[]> samples)
    {
        if (!OnnxRuntimeLibrary.IsAvailable)
            return;

        // Fusing a dequantisation into what follows would round elsewhere.
        // Its optimiser merges a pad into an average pool that rounds its size up, and so loses a row.
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(_model, new OnnxRuntimeOptions { Optimization = GraphOptimization.None });
        foreach (Tensor[] inputs in samples)
        {
            IReadOnlyDictionary<string, Tensor> actual = session.Run(graph.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal));
            foreach ((Value output, Tensor expected) in graph.Outputs.Zip(FloatInterpreter.Run(graph, inputs)))
                RequireSame(output.Name, expected, actual[output.Name]);
        }
    }

    /// <summary>What comes back prints the same, once constants stand before their first readers.</summary>
    public void RequireSameText() => Assert.Equal(Text(graph), Text(Imported()));

    /// <summary>What comes back compiles to the same bytes; nothing is compared where the graph does not compile.</summary>
    /// <returns>Whether it compiles.</returns>
    public bool RequireSamePlan(CalibrationData? calibration = null)
    {
        if (Compile(graph, calibration) is not { } expected)
            return false;
        (byte[] Plan, byte[] Weights) actual = Compile(Imported(), calibration)!.Value;
        Assert.Equal(expected.Plan, actual.Plan);
        Assert.Equal(expected.Weights, actual.Weights);
        return true;
    }

    private Graph Imported() => PassPipeline.Canonicalize(OnnxImporter.Import(_model).Graph);

    private static (byte[] Plan, byte[] Weights)? Compile(Graph graph, CalibrationData? calibration)
    {
        if (BackendCompiler.Check(graph).Length > 0)
            return null;
        try
        {
            CompiledModel compiled = BackendCompiler.Compile(graph, new CompileOptions { Name = "model" }, calibration);
            return (PlanSerializer.Write(compiled.Plan), WeightsSerializer.Write(compiled.Weights));
        }
        catch (RingOverflowException)
        {
            return null;
        }
    }

    /// <summary>The form that the importer gives a graph: see <see cref="OnnxExporter"/> for what it does not keep.</summary>
    private static string Text(Graph graph)
    {
        List<Node> nodes = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<Value> written = [];
        foreach (Node node in graph.Nodes.Where(n => n.Operation is not Constant))
        {
            WriteConstants(node.Inputs);
            string name = node.Name;
            for (int i = 1; !names.Add(name); i++)
                name = $"{node.Name}_{i}";
            nodes.Add(node with { Name = name });
        }

        WriteConstants(graph.Outputs);
        return GraphPrinter.Print(graph.With([.. nodes]));

        void WriteConstants(IEnumerable<Value> values)
            => nodes.AddRange(values.Where(v => graph.ConstantOf(v) is not null && written.Add(v)).Select(v => graph.Producer(v)! with { Name = v.Name }));
    }

    private void RequireSame(string name, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        if (!expected.Type.IsFloat)
        {
            Assert.Equal(expected.Integers, actual.Integers);
            return;
        }

        double bound = Tolerance * expected.Floats.ToArray().Append(1e-3f).Max(MathF.Abs);
        int[] different = [.. Enumerable.Range(0, expected.Shape.Count).Where(i => !IsClose(expected.Floats[i], actual.Floats[i], bound))];
        if (different.Length > _strays * expected.Shape.Count)
            Assert.Fail($"%{name}: {different.Length} of {expected.Shape.Count} elements differ; [{different[0]}]: {expected.Floats[different[0]]} became {actual.Floats[different[0]]}");
    }

    private static bool IsClose(float expected, float actual, double bound) => expected.Equals(actual) || Math.Abs(expected - actual) <= bound;
}
