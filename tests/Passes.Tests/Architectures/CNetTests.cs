using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Architectures;

public sealed class CNetTests
{
    /// <summary>CryptoNAS, tables 1 and 2: the budgets are those of whole channels at 32×32.</summary>
    [Theory]
    [InlineData(6, 86_016, 14)]
    [InlineData(12, 100_000, 8)]
    [InlineData(12, 344_064, 28)]
    [InlineData(12, 500_000, 40)]
    [InlineData(12, 1_000_000, 81)]
    [InlineData(24, 1_376_256, 56)]
    public void A_budget_buys_the_channels_of_algorithm_1(int depth, long budget, int expected)
        => Assert.Equal(expected, CNetDescription.Balanced(depth, budget, 32, seed: 1).FirstChannels);

    [Fact]
    public void A_budget_below_one_channel_is_refused_with_what_it_takes()
        => Assert.Contains("at least 12288 ReLUs; the budget is 12287", Assert.Throws<PassException>(() => CNetDescription.Balanced(12, 12_287, 32, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_skips_every_layer_has_the_same_number_of_relus()
    {
        CNetDescription core = CNetDescription.Balanced(12, 100_000, 32, seed: 1) with { Skips = [.. Enumerable.Repeat(ImmutableArray<int>.Empty, 12)] };

        Assert.All(Relus(core), count => Assert.Equal(8_192, count));
        Assert.Equal(12, Relus(core).Length);
    }

    /// <summary>
    /// Figure 2(b): a layer with skips applies ReLU to its own channels and to those of every skip, and again after
    /// reshaping. Skips within a third of the layers cost a whole layer each.
    /// </summary>
    [Fact]
    public void A_skip_costs_the_relus_of_its_source_and_reshaping_one_layer_more()
    {
        ImmutableArray<int>[] skips = [[], [0], [0, 1], [0, 1, 2], [], [4], [4, 5], [], [], [8], [8, 9], []];
        CNetDescription description = CNetDescription.Balanced(12, 100_000, 32, seed: 1) with { Skips = [.. skips] };
        int count = description.Skips.Sum(s => s.Length), reshaping = description.Skips.Count(s => s.Length > 0);

        Assert.Equal(8_192L * (12 + count + reshaping), Relus(description).Sum());
    }

    [Fact]
    public void A_skip_across_a_pooling_is_reduced_to_the_resolution_of_its_reader()
    {
        Graph graph = Create(CNetDescription.Random(6, 2, 4, seed: 1) with { Skips = [[], [], [0], [], [0, 2], []] });

        Assert.Equal(
            ["layer2.skip0: 1x2x16x16", "layer4.skip0: 1x2x8x8", "layer4.skip2: 1x8x8x8"],
            graph.Nodes.Where(n => n.Operation is Slice).Select(n => $"{n.Name}: {n.Output.Shape}"));
    }

    [Fact]
    public void Random_skips_depend_on_the_seed_alone_and_point_backwards()
    {
        CNetDescription narrow = CNetDescription.Random(24, 4, 4, seed: 7), wide = CNetDescription.Random(24, 40, 2, seed: 7);

        Assert.Equal(narrow.Skips.Select(s => string.Join(',', s)), wide.Skips.Select(s => string.Join(',', s)));
        Assert.Equal([.. narrow.Filters], wide.Filters.ToArray());
        Assert.NotEqual(narrow.Filters.ToArray(), CNetDescription.Random(24, 4, 4, seed: 8).Filters.ToArray());
        Assert.All(narrow.Skips.Select((s, layer) => (s, layer)), p => Assert.All(p.s, source => Assert.InRange(source, 0, p.layer - 1)));
        Assert.InRange(narrow.Skips.Sum(s => s.Length), 80, 140); // 40% of 276
    }

    private static long[] Relus(CNetDescription description)
        => [.. Create(description).Nodes.Select(SignDecisions.Count).Where(count => count > 0)];

    private static Graph Create(CNetDescription description)
    {
        NetworkBuilder net = new("cnet", classes: 10);
        return net.Build(CNet.Create(net, net.Image(3, 32), description));
    }
}
