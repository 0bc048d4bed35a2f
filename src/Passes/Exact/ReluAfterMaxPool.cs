using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>
/// maxpool(relu(x)) → relu(maxpool(x)): ReLU is monotone, so it commutes with the maximum; done where the pool
/// leaves fewer elements to decide. A max pool of joined channels, of which some come from a ReLU as behind a partial
/// activation, becomes a pool of each part.
/// </summary>
public sealed class ReluAfterMaxPool : RewritePass, IRewriteRule
{
    public override string Name => "relu-after-maxpool";

    public override string Summary => "Moves a ReLU behind the max pool that follows it, where it has fewer elements.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules => [this, new PoolJoinedParts()];

    Value? IRewriteRule.Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not MaxPool || !graph.HasOneUse(node.Inputs[0]))
            return null;
        if (graph.Producer(node.Inputs[0]) is not { Operation: Relu } relu || node.Output.Shape.Count >= relu.Output.Shape.Count)
            return null;
        Value pooled = graph.Add(node.Operation, relu.Inputs, $"{node.Output.Name}.max", node.Name);
        return graph.Define(node.Output, relu.Operation, [pooled], relu.Name);
    }
}
