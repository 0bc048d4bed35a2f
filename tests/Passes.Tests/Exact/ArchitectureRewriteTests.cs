using PrivateInference.IR;
using PrivateInference.Passes.Architectures;
using PrivateInference.Passes.Exact;
using Xunit.Abstractions;

namespace PrivateInference.Passes.Tests.Exact;

/// <summary>Exact passes on the architectures of the papers, small where they are executed.</summary>
public sealed class ArchitectureRewriteTests(ITestOutputHelper log)
{
    private static readonly Pass[] s_exact = [.. PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact)];

    public static TheoryData<string> Small => [.. ArchitectureCatalog.All.Where(a => a.InputSize <= 32 && a.Name != "cnet3-500k").Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Small))]
    public void Exact_passes_keep_the_function_of_an_architecture(string name)
    {
        Graph graph = ArchitectureCatalog.Create(name, new ArchitectureOptions { Width = 0.07 });
        List<Graph> rewritten = [.. s_exact.Select(pass => new PassManager([pass], verify: true).Run(graph, PassContext.Default).Graph)];
        rewritten.Add(new PassManager(s_exact, verify: true).RunToFixedPoint(graph, PassContext.Default).Graph);

        foreach (Graph result in rewritten.Where(g => !ReferenceEquals(g, graph)))
        {
            GraphAssert.SameFunction(graph, result, 1e-4f);
            Assert.True(SignDecisions.Count(result) <= SignDecisions.Count(graph));
            Assert.True(MultiplyAccumulates.Count(result) <= MultiplyAccumulates.Count(graph));
        }

        log.WriteLine($"sign decisions {SignDecisions.Count(graph)} → {SignDecisions.Count(rewritten[^1])}, multiply-accumulates {MultiplyAccumulates.Count(graph)} → {MultiplyAccumulates.Count(rewritten[^1])}");
    }

    /// <summary>
    /// CryptoNAS, Figure 2(b) and (c): a layer and all its skips share the layer's ReLU; only the one behind each 1×1
    /// convolution comes on top. Section 4 has a factor of about 1.9 for the skips that its search found; these are random,
    /// of a density of 40%, and reach across poolings at a quarter of the resolution.
    /// </summary>
    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    public void Shuffling_leaves_one_ReLU_a_layer_and_one_a_reshaping(ulong seed)
    {
        CNetDescription description = CNetDescription.Balanced(12, 100_000, 32, seed);
        NetworkBuilder net = new("cnet2", classes: 10);
        Graph graph = net.Build(CNet.Create(net, net.Image(3, 32), description));

        Graph result = new ReluShuffle().Run(graph, PassContext.Default);

        int reshapings = description.Skips.Count(s => !s.IsEmpty);
        log.WriteLine($"{SignDecisions.Count(graph)} → {SignDecisions.Count(result)}");
        Assert.Equal(8_192L * (description.Depth + reshapings), SignDecisions.Count(result));
        Assert.InRange((double)SignDecisions.Count(graph) / SignDecisions.Count(result), 1.4, 1.9);
    }
}
