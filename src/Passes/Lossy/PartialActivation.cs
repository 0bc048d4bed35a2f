using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.IR;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Keeps an activation on part of its channels and lets the others pass (Shafran et al., "Crypto-Oriented Neural Architecture
/// Design", section 3; the choice by importance after Lou et al., "SAFENet", section 3.1). Kept channels lie densely, so
/// that every backend decides only those.
/// </summary>
public sealed class PartialActivation(PassArguments arguments) : LayerPass(arguments)
{
    private static readonly PassParameter s_ratio = new("ratio", "The part of the channels that keeps its activation, 0 to 1.", "0.5");

    private static readonly PassParameter s_channels = new(
        "channels",
        "Which: first; importance, by the L1 norm of the producing weights; activity, by what the activation changes on sample inputs; or indices and ranges joined by '+', such as 0..3+7, which then replace the ratio.",
        "first");

    private static readonly PassParameter s_scope = new(
        "scope", "layer: the ratio holds for every layer; model: for all selected layers together, by importance or activity.", "layer");

    private readonly ChannelChoice _choice = new(
        arguments.Number(s_ratio, 0, 1), arguments.Text(s_channels), arguments.Choice(s_scope, "layer", "model") == "model");

    public override string Name => "partial-activation";

    public override string Summary => "Keeps activations on part of their channels and lets the others pass unchanged.";

    public override string Paper => "Crypto-Oriented Neural Architecture Design, section 3; SAFENet, section 3.1";

    public override IReadOnlyList<PassParameter> Parameters => [s_ratio, s_channels, s_scope, LayerSelection.Parameter];

    protected override bool AppliesTo(Node node, Graph graph)
        => Activations.IsActivation(node) && node.Inputs.Length == 1 && SignDecisions.Count(node) > 0
            && node.Output.Shape.Rank > 1 && node.Output.Shape[Activations.ChannelAxis(node.Inputs[0], graph.Producer)] > 1;

    private protected override IReadOnlyList<Node> Worthwhile(IReadOnlyList<Node> layers, LayerSelection selection, Graph graph, PassContext context)
        => PooledActivations.Leave(layers, selection, graph, context);

    /// <exception cref="PassException">The choice needs sample inputs that are missing, or names a channel that a layer lacks.</exception>
    private protected override Graph Rewrite(Graph graph, IReadOnlyDictionary<Value, Node> selected, PassContext context)
    {
        Dictionary<Node, int> axes = selected.Values.ToDictionary(n => n, n => Activations.ChannelAxis(n.Inputs[0], graph.Producer));
        IReadOnlyDictionary<Value, ImmutableArray<int>> kept = _choice.Of(graph, axes, context);
        foreach ((Node node, int axis) in axes)
            context.Note(string.Create(CultureInfo.InvariantCulture, $"{node.Name}: {kept[node.Output].Length} of {node.Output.Shape[axis]} channels keep '{node.Operation.Name}'"));
        return GraphRewriter.Apply(graph, [new SelectedRule(selected.Keys, Replace)], context.Cancellation);

        Value? Replace(Node node, GraphRewriter rewriter)
        {
            (ImmutableArray<int> channels, int axis) = (kept[node.Output], axes[selected[node.Output]]);
            if (channels.IsEmpty)
                return node.Inputs[0];
            return channels.Length == node.Output.Shape[axis] ? null : new ChannelSplit(node, axis, rewriter).Apply(channels);
        }
    }
}
