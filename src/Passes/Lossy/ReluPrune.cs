using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Exact;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Drops the ReLUs that skip connections and re-shaping layers add to a core network (Ghodsi et al., "CryptoNAS", section
/// 3.1, figure 2(d)). First ReLUs before skips are shared (<see cref="ReluShuffle"/>, figure 2(c)), so that a skip brings
/// none of its own; then the ReLU behind each re-shaping layer goes: a 1×1 convolution that takes a concatenation back to
/// a layer's channels. The ReLU behind a residual sum goes where asked for: networks such as ResNet have one ReLU inside
/// the branch, too.
/// </summary>
public sealed class ReluPrune(PassArguments arguments) : Pass
{
    private static readonly PassParameter s_where = new(
        "where", "reshape: behind 1×1 convolutions of concatenations; sum: behind sums of branches; both.", "reshape");

    private readonly string _where = arguments.Choice(s_where, "reshape", "sum", "both");

    private readonly LayerSelection _layers = arguments.Layers();

    public override string Name => "relu-prune";

    public override string Summary => "Drops the ReLUs that skip connections and the layers re-shaping them add.";

    public override PassContract Contract => PassContract.Lossy;

    public override string Paper => "CryptoNAS (Ghodsi et al., 2020), section 3.1";

    public override IReadOnlyList<PassParameter> Parameters => [s_where, LayerSelection.Parameter];

    /// <exception cref="PassException">The selection names a layer that the pass does not apply to.</exception>
    public override Graph Run(Graph graph, PassContext context)
    {
        Graph shuffled = new ReluShuffle().Run(graph, context);
        Node[] candidates = [.. shuffled.Nodes.Where(n => n.Operation is Relu or Clip { Minimum: 0 } && IsAdded(n, shuffled))];
        if (candidates.Length == 0)
        {
            context.Note("no ReLU follows a re-shaped skip connection");
            return graph;
        }

        IEnumerable<Value> pruned = _layers.Of(candidates).Select(n => n.Output);
        return GraphRewriter.Apply(shuffled, [new SelectedRule(pruned, static (node, _) => node.Inputs[0])], context.Cancellation);
    }

    private bool IsAdded(Node activation, Graph graph)
    {
        Node? producer = graph.Producer(activation.Inputs[0]);
        while (producer?.Operation is BatchNormalization)
            producer = graph.Producer(producer.Inputs[0]);
        return producer?.Operation switch
        {
            Conv conv => _where != "sum" && conv.Window.Kernel.All(k => k == 1) && JoinsBranches(producer.Inputs[0], graph),
            Binary { Kind: BinaryKind.Add } => _where != "reshape" && producer.Inputs.All(v => graph.ConstantOf(v) is null),
            _ => false,
        };
    }

    /// <summary>Whether a value is a concatenation, maybe activated.</summary>
    private static bool JoinsBranches(Value value, Graph graph) => graph.Producer(value) is { } node && node.Operation switch
    {
        Concat => true,
        Relu or Clip => JoinsBranches(node.Inputs[0], graph),
        _ => false,
    };
}
