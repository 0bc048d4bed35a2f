using System.Collections.Immutable;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Testing;

namespace PrivateInference.Passes.Tests.Exact;

/// <summary>
/// What the exact passes make of somebody's model, measured by ONNX Runtime alone: it executes the model's file, and the rewritten
/// graphs as they are exported. So models of any size can be compared.
/// </summary>
/// <param name="Model">The model's folder and name.</param>
internal sealed record RewrittenModel(string Model)
{
    /// <summary>The size of a dimension that a model leaves open and no record tells.</summary>
    private const int OpenSize = 64;

    /// <summary>Of larger weights, only the graph with all passes is written out as a file.</summary>
    private const long LargeWeights = 25_000_000;

    /// <summary>The part of a quantised model's outputs that may be rounded to another integer.</summary>
    private const double Strays = 0.02;

    private static readonly OnnxRuntimeOptions s_options = new() { Optimization = GraphOptimization.None, Threads = 2 };

    /// <summary>Why there is nothing to compare; null where it was compared.</summary>
    public string? Reason { get; private init; }

    /// <summary>The input's shape.</summary>
    public string Input { get; private init; } = "";

    public GraphSize Before { get; private init; } = new(0, 0, 0);

    public GraphSize After { get; private init; } = new(0, 0, 0);

    /// <summary>The passes that found something, of those that are no part of every compilation.</summary>
    public ImmutableArray<string> Passes { get; private init; } = [];

    /// <summary>The largest difference of any output element after any pass, or after all, relative to the largest element.</summary>
    public double Error { get; private init; }

    public static RewrittenModel Measure(string file)
    {
        RewrittenModel result = new(Path.GetRelativePath(SharedModels.Root!, file).Replace('\\', '/'));
        try
        {
            using OnnxRuntimeSession session = OnnxRuntimeSession.Open(file, s_options);
            return result.Compare(OnnxImporter.Import(file, Sizes(session)), session);
        }
        catch (Exception e) when (e is ModelNotSupportedException or ModelFormatException or ExportException or OnnxRuntimeException)
        {
            return result with { Reason = string.Join(' ', e.Message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)) };
        }
    }

    private RewrittenModel Compare(ImportedModel model, OnnxRuntimeSession session)
    {
        Graph original = model.Graph;
        Random random = new(4);
        Tensor[] inputs = [.. original.Inputs.Select(v => RandomTensor(v.Type, random))];
        Dictionary<string, Tensor> given = model.InputNames.Zip(inputs).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        IReadOnlyDictionary<string, Tensor> results = session.Run(given);

        // Outputs that are no tensors, such as maps of classes, are left out.
        Dictionary<string, Tensor> expected = original.Outputs.Zip(model.OutputNames).Where(o => results.ContainsKey(o.Second))
            .ToDictionary(o => o.First.Name, o => results[o.Second], StringComparer.Ordinal);
        Pass[] exact = [.. PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact)];
        HashSet<string> canonical = [.. PassPipeline.Canonical.Select(p => p.Name)];
        bool isLarge = original.Nodes.Where(n => n.Operation is Constant).Sum(n => (long)n.Output.Shape.Count) > LargeWeights;
        List<string> found = [];
        double error = 0;
        foreach (Pass pass in exact)
        {
            Graph rewritten = new PassManager([pass], verify: true).Run(original, PassContext.Default).Graph;
            if (ReferenceEquals(rewritten, original))
                continue;
            if (!canonical.Contains(pass.Name))
                found.Add(pass.Name);
            if (!isLarge)
                error = Math.Max(error, ErrorOf(rewritten, original, inputs, expected));
        }

        Graph all = new PassManager(exact, verify: true).RunToFixedPoint(original, PassContext.Default).Graph;
        return this with
        {
            Input = string.Join(", ", original.Inputs.Select(v => v.Shape)),
            Before = GraphSize.Of(original),
            After = GraphSize.Of(all),
            Passes = [.. found],
            Error = Math.Max(error, ErrorOf(all, original, inputs, expected)),
        };
    }

    /// <summary>Dimensions that the model leaves open: one sample, of the size that is recorded or of the one chosen here.</summary>
    private static ImportOptions Sizes(OnnxRuntimeSession session) => new()
    {
        Dimensions = session.Inputs.SelectMany(input => input.Dimensions.Select((size, axis) => (Key: $"{input.Name}:{axis}", size, axis)))
            .Where(d => d.size < 0).ToImmutableDictionary(d => d.Key, d => d.axis == 0 ? 1 : OpenSize),
    };

    private static double ErrorOf(Graph graph, Graph original, Tensor[] inputs, Dictionary<string, Tensor> expected)
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(OnnxExporter.Export(graph).ToBytes(), s_options);
        IReadOnlyDictionary<string, Tensor> actual = session.Run(graph.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal));
        double strays = original.Nodes.Any(n => n.Operation is QuantizeLinear) ? Strays : 0;
        return expected.Max(e => Difference(e.Value, actual[e.Key], strays));
    }

    /// <summary>Relative to the largest element; the strays that are furthest off are left out.</summary>
    private static double Difference(Tensor expected, Tensor actual, double strays)
    {
        double[] e = Elements(expected), a = Elements(actual);
        double scale = e.Append(double.Epsilon).Max(Math.Abs);
        double[] errors = [.. e.Zip(a, (x, y) => x.Equals(y) ? 0 : Math.Abs(x - y) / scale).Order()];
        return errors.Length == 0 ? 0 : errors[^(1 + (int)(strays * (errors.Length - 1)))];
    }

    private static double[] Elements(Tensor tensor)
        => tensor.Type.IsFloat ? [.. tensor.Floats.ToArray().Select(f => (double)f)] : [.. tensor.Integers.ToArray().Select(i => (double)i)];

    private static Tensor RandomTensor(TensorType type, Random random) => type.IsFloat
        ? Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextSingle())])
        : Tensor.FromIntegers(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextInt64(2))]);
}
