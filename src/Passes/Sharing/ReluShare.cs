using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Calibration;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Sharing;

/// <summary>
/// relu(x) → x·expand(drelu(decider(x))): one sign decision for each group of a channel's activations (Helbitz and Avidan,
/// "Reducing ReLU Count for Privacy-Preserving CNN Speedup", equations 2 to 4). Deciders are formed by slices, an average
/// pool or a convolution, so they cost no sign decision; the expansion is made of Gather and Reshape alone, so a backend can
/// compose it into one map from members to decisions.
/// </summary>
public sealed class ReluShare(PassArguments arguments) : Pass
{
    /// <summary>Weights of one layer's deciders; more cost more than the decisions that they save.</summary>
    private const long MaxWeights = 1 << 24;

    private static readonly PassParameter PatchParameter = new(
        "patch", "What shares a decision: patches of a size such as 2x2 or 3x3, or 'channel'.", "2x2");

    private static readonly PassParameter ClustersParameter = new(
        "clusters", "Decisions a patch: 1, or more for clusters of activations that decide alike on sample inputs; an integer.", "1");

    private static readonly PassParameter DecideParameter = new(
        "decide", "What decides for a group: its middle activation, its mean, or weights fitted to sample inputs: middle, mean or weights.", "middle");

    private static readonly PassParameter NoiseParameter = new(
        "noise", "The probability that an activation gets the opposite of its group's decision, 0 to 0.5.", "0");

    private static readonly PassParameter SeedParameter = new(
        "noise-seed", "An integer that fixes the noise, which both parties then know; 'none': they draw it at every inference.", "none");

    private readonly PatchSize _patch = PatchSize.Parse(arguments.Text(PatchParameter));
    private readonly int _clusters = arguments.Integer(ClustersParameter, minimum: 1);
    private readonly DecidingValue _decide = Enum.Parse<DecidingValue>(
        arguments.Choice(DecideParameter, "middle", "mean", "weights"), ignoreCase: true);
    private readonly float _noise = (float)arguments.Number(NoiseParameter, 0, 0.5);
    private readonly long? _seed = arguments.Text(SeedParameter) == "none" ? null : arguments.Integer(SeedParameter);
    private readonly LayerSelection _layers = arguments.Layers();

    public override string Name => "relu-share";

    public override string Summary => "Lets groups of a channel's activations share one sign decision.";

    public override PassContract Contract => PassContract.Lossy;

    public override string Paper => "Helbitz and Avidan, Reducing ReLU Count for Privacy-Preserving CNN Speedup";

    public override IReadOnlyList<PassParameter> Parameters =>
        [PatchParameter, ClustersParameter, DecideParameter, NoiseParameter, SeedParameter, LayerSelection.Parameter];

    private bool NeedsSamples => _clusters > 1 || _decide == DecidingValue.Weights;

    /// <exception cref="PassException">The selection has no meaning, or sample inputs are needed and missing.</exception>
    public override Graph Run(Graph graph, PassContext context)
    {
        Node[] candidates = [.. graph.Nodes.Where(n => n.Operation is Relu && n.Output.Shape.Rank > 2)];
        Value[] selected = [.. PooledActivations.Leave(_layers.Of(candidates), _layers, graph, context).Select(n => n.Output)];
        if (selected.Length == 0)
            return graph;
        SampleValues? samples = NeedsSamples ? SampleValues.Of(graph, context, "to learn which activations decide alike") : null;
        return GraphRewriter.Apply(graph, [new SelectedRule(selected, Share)], context.Cancellation);

        Value? Share(Node node, GraphRewriter rewriter)
        {
            if (_patch.On(node.Output.Shape) is not { } grid)
                return Leave(node, $"its shape {node.Output.Shape} has another number of spatial axes than the patch", context);
            SharedLayer layer = new(node, grid, _decide, rewriter, () => samples!.Of(node.Inputs[0], rewriter.Producer));
            if (grid.PatchSize <= _clusters)
                return Leave(node, "its patches have no more activations than decisions", context);
            ISharedDecisions shared = _clusters == 1 ? new PatchDecisions(layer) : new ClusterDecisions(layer, _clusters);
            if (2 * shared.Count > node.Output.Shape.Count)
                return Leave(node, Format($"{shared.Count} decisions instead of {node.Output.Shape.Count} save less than the products that sharing takes"), context);
            if (shared.WeightCount > MaxWeights)
                return Leave(node, Format($"its deciding values take {shared.WeightCount} weights; choose decide=middle"), context);
            context.Note(Format($"{node.Name}: {shared.Count} decisions for {node.Output.Shape.Count} activations"));
            return Write(layer, shared, Array.IndexOf(selected, node.Output));
        }
    }

    private Value Write(SharedLayer layer, ISharedDecisions shared, int index)
    {
        Value decisions = layer.Graph.Add(new DRelu(), [shared.WriteDeciders()], layer.Part("decision"), $"{layer.Node.Name}.decision");
        Value expanded = shared.WriteExpansion(decisions);
        if (_noise > 0)
            expanded = layer.Graph.Add(new RandomFlip(_noise, _seed + index), [expanded], layer.Part("noisy"));
        return layer.Graph.Define(layer.Node.Output, new Binary(BinaryKind.Mul), [layer.Input, expanded], layer.Node.Name);
    }

    private static Value? Leave(Node node, string reason, PassContext context)
    {
        context.Note($"{node.Name} is left as it is: {reason}");
        return null;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
