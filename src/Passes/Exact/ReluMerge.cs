using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>
/// concat(f(a), f(b), …) → f(concat(a, b, …)) for the same ReLU or clip f that nothing else reads: an element-wise function
/// does not care where its element lies. As many sign decisions, in one operation where there were several; each
/// non-linear operation of a secure run takes rounds of its own.
/// </summary>
public sealed class ReluMerge : RewritePass, IRewriteRule
{
    public override string Name => "relu-merge";

    public override string Summary => "Merges the same ReLUs or clips before a concatenation into one behind it.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules => [this];

    Value? IRewriteRule.Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not Concat || node.Inputs.Length < 2)
            return null;
        Node[] activations = [.. node.Inputs.Where(graph.HasOneUse).Select(graph.Producer).OfType<Node>()];
        if (activations.Length < node.Inputs.Length || activations[0].Operation is not (Relu or Clip)
            || activations.Any(a => !a.Operation.Equals(activations[0].Operation)))
            return null;
        ImmutableArray<Value> before = [.. activations.Select(a => a.Inputs[0])];
        Value joined = graph.Add(node.Operation, before, $"{node.Output.Name}.joined", node.Name);
        return graph.Define(node.Output, activations[0].Operation, [joined], activations[0].Name);
    }
}
