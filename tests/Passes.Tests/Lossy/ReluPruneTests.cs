using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Architectures;
using PrivateInference.Passes.Exact;
using PrivateInference.Passes.Lossy;

namespace PrivateInference.Passes.Tests.Lossy;

public sealed class ReluPruneTests
{
    /// <summary>Every layer takes every earlier one: figure 2 of CryptoNAS at its fullest.</summary>
    private static readonly Graph FullySkipped = Network(depth: 6, layer => [.. Enumerable.Range(0, layer)]);

    [Fact]
    public void What_remains_is_one_ReLU_for_each_element_of_the_core_as_in_figure_2d()
        => Assert.Equal(Core(6), SignDecisions.Count(Prune(FullySkipped)));

    [Fact]
    public void Pruning_halves_what_shuffling_leaves_where_every_layer_but_the_first_has_skips()
    {
        long shuffled = SignDecisions.Count(new ReluShuffle().Run(FullySkipped, PassContext.Default));

        // Two ReLU layers for each layer with skips, and the first layer's.
        Assert.Equal(Core(6) + Core(6) - Core(1), shuffled);
        Assert.True(SignDecisions.Count(FullySkipped) > 2 * shuffled * 6 / 11);
    }

    [Fact]
    public void Random_skips_end_at_the_same_core()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Graph graph = PassPipeline.Canonicalize(ArchitectureCatalog.Create("cnet2-100k", new ArchitectureOptions { Seed = seed, Width = 0.25 }));
            long shuffled = SignDecisions.Count(new ReluShuffle().Run(graph, PassContext.Default)), pruned = SignDecisions.Count(Prune(graph));

            Assert.True(pruned < shuffled && shuffled < SignDecisions.Count(graph), $"seed {seed}: {SignDecisions.Count(graph)}, {shuffled}, {pruned}");
        }
    }

    [Fact]
    public void A_residual_network_loses_the_ReLU_behind_its_sums_only_where_asked_for()
    {
        Graph graph = PassPipeline.Canonicalize(ArchitectureCatalog.Create("resnet-20", new ArchitectureOptions { Width = 0.25 }));
        List<string> notes = [];

        Assert.Same(graph, new ReluPrune(PassArguments.None).Run(graph, new PassContext { Note = notes.Add }));
        Assert.Single(notes);
        Graph pruned = new ReluPrune(new(TestGraphs.Arguments("where", "sum"))).Run(graph, PassContext.Default);
        Assert.Equal(9, graph.Nodes.Count(n => n.Operation is Relu) - pruned.Nodes.Count(n => n.Operation is Relu));
    }

    private static Graph Prune(Graph graph) => new PassManager([new ReluPrune(PassArguments.None)], verify: true).Run(graph, PassContext.Default).Graph;

    private static Graph Network(int depth, Func<int, ImmutableArray<int>> skips)
    {
        CNetDescription description = new(4, 4, [.. Enumerable.Repeat(3, depth)], [.. Enumerable.Range(0, depth).Select(skips)]);
        Architecture architecture = new("cnet", "CryptoNAS, figure 2", 3, 16, 10, (net, image) => CNet.Create(net, image, description));
        return PassPipeline.Canonicalize(architecture.Create());
    }

    /// <summary>Balanced layers of 4·16·16 elements each.</summary>
    private static long Core(int layers) => layers * 4L * 16 * 16;
}
