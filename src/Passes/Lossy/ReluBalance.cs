using System.Globalization;
using PrivateInference.IR;
using PrivateInference.Passes.Lossy.ReluBalancing;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// ReLU balancing (Ghodsi et al., "CryptoNAS: Private Inference on a ReLU Budget", 2020, Lemma 3.1): under a budget of ReLUs
/// a network has the most parameters when all its ReLU layers have the same number of ReLUs, so channels grow fourfold where
/// height and width are halved. The pass gives the model these widths, as large as the budget allows, and new random
/// weights: the result has to be trained.
/// </summary>
/// <remarks>
/// It takes networks whose channels can be followed through every node: convolutions with one group or depthwise, fully
/// connected layers, batch normalisation, element-wise functions, pooling, spatial slices and padding, flattening, sums of
/// activations, which tie the widths of what they join, concatenations of channels, and transposes. It refuses others and
/// names the node. The widths of the input and of the outputs stay, and so do layers without pixels.
/// </remarks>
public sealed class ReluBalance(PassArguments arguments) : Pass
{
    private const string SameBudget = "same";

    private static readonly PassParameter Budget = new(
        "budget", "Sign decisions that the network may have, or 'same' for as many as it has.", SameBudget);
    private static readonly PassParameter MaxChannels = new("max-channels", "No layer gets more channels than this.", "2048");
    private static readonly PassParameter Seed = new("seed", "Decides the new weights.", "1");

    private readonly int? _budget = arguments.Text(Budget) == SameBudget ? null : arguments.Integer(Budget, 1);
    private readonly int _maxChannels = arguments.Integer(MaxChannels, 1);
    private readonly int _seed = arguments.Integer(Seed, 0);

    public override string Name => "relu-balance";

    public override string Summary => "Gives all ReLU layers the same number of ReLUs under a budget; the result is untrained.";

    public override PassContract Contract => PassContract.Lossy;

    public override IReadOnlyList<PassParameter> Parameters { get; } = [Budget, MaxChannels, Seed];

    public override string? Paper => "CryptoNAS: Private Inference on a ReLU Budget (Ghodsi et al. 2020), Lemma 3.1";

    /// <exception cref="PassException">The channels cannot be followed through a node, or the budget is too small.</exception>
    public override Graph Run(Graph graph, PassContext context)
    {
        BalancedNetwork balanced = Balance(graph);
        if (ReferenceEquals(balanced.Graph, graph))
            return graph;
        context.Note("All weights are new and random: export the network and train it.");
        foreach (BalancedLayer layer in balanced.Layers)
            context.Note(layer.ToString());
        context.Note(string.Create(CultureInfo.InvariantCulture, $"total: ReLUs {balanced.ReluCountBefore} -> {balanced.ReluCountAfter}"));
        return balanced.Graph;
    }

    /// <summary>The balanced network and the table of its layers.</summary>
    /// <exception cref="PassException">The channels cannot be followed through a node, or the budget is too small.</exception>
    public BalancedNetwork Balance(Graph graph)
    {
        ChannelAnalysis channels = new(graph);
        BalancedWidths widths = new(graph, channels, _maxChannels);
        int[] chosen = widths.Largest(_budget ?? SignDecisions.Count(graph));
        Graph result = chosen.SequenceEqual(widths.Original) ? graph : ResizedGraph.Create(graph, channels, chosen, (ulong)_seed);
        return new BalancedNetwork(result, [.. graph.Nodes.Where(n => SignDecisions.Count(n) > 0).Select(Row)]);

        BalancedLayer Row(Node node)
        {
            int axis = channels.Layout(node.Output).Axis;
            int[] pixels = [.. node.Output.Shape.Dimensions.Where((_, i) => i != 0 && i != axis), 1, 1];
            return new BalancedLayer(
                node.Name, pixels[0], pixels[1],
                (int)channels.Channels(node.Output, widths.Original), (int)channels.Channels(node.Output, chosen),
                SignDecisions.Count(node), widths.Decisions(node, chosen));
        }
    }
}
