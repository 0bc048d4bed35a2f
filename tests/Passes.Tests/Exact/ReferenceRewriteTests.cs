using PrivateInference.Frontend;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Exact;

/// <summary>All exact passes on generated graphs, before and after executed by ONNX Runtime alone.</summary>
public sealed class ReferenceRewriteTests
{
    private const int Networks = 60;
    private const double Tolerance = 1e-4;

    private static readonly Pass[] s_exact = [.. PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact)];

    public static TheoryData<string> Architectures => [.. ArchitectureCatalog.All.Where(a => a.InputSize <= 32).Select(a => a.Name)];

    [SkippableTheory]
    [MemberData(nameof(Architectures))]
    public void Architectures_compute_the_same(string name)
    {
        RequireReference();
        RequireSame(ArchitectureCatalog.Create(name, new ArchitectureOptions { Width = 0.25 }), seed: 1);
    }

    [SkippableFact]
    public void Random_networks_compute_the_same()
    {
        RequireReference();
        int rewritten = Enumerable.Range(0, Networks).Count(seed => RequireSame(RandomNetwork.Create(seed), seed));
        Assert.InRange(rewritten, Networks / 2, Networks);
    }

    private static void RequireReference() => Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");

    /// <returns>Whether the passes found anything.</returns>
    private static bool RequireSame(Graph graph, int seed)
    {
        Graph rewritten = new PassManager(s_exact, verify: true).RunToFixedPoint(graph, PassContext.Default).Graph;
        Random random = new(seed);
        Tensor[] inputs = [.. graph.Inputs.Select(v => Tensor.FromFloats(v.Type, [.. Enumerable.Range(0, v.Shape.Count).Select(_ => (random.NextSingle() * 2) - 1)]))];
        foreach ((Tensor expected, Tensor actual) in Execute(graph, inputs).Zip(Execute(rewritten, inputs)))
        {
            double scale = expected.Floats.ToArray().Append(1).Max(Math.Abs);
            Assert.All(expected.Floats.ToArray().Zip(actual.Floats.ToArray()), p => Assert.InRange(Math.Abs(p.First - p.Second) / scale, 0, Tolerance));
        }

        return !ReferenceEquals(rewritten, graph);
    }

    private static Tensor[] Execute(Graph graph, Tensor[] inputs)
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(
            OnnxExporter.Export(graph).ToBytes(), new OnnxRuntimeOptions { Optimization = GraphOptimization.None, Threads = 1 });
        IReadOnlyDictionary<string, Tensor> results = session.Run(
            graph.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal));
        return [.. graph.Outputs.Select(o => results[o.Name])];
    }
}
