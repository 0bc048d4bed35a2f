using PrivateInference.IR;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>Equal operations on the same values are computed once, under the first one's name.</summary>
public sealed class CommonSubexpressions : RewritePass
{
    public override string Name => "common-subexpressions";

    public override string Summary => "Computes equal operations on the same values once; equal constants are held once.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules => [new MergeEqualNodes()];

    /// <summary>y = op(a, …), z = op(a, …) → y for both</summary>
    private sealed class MergeEqualNodes : IRewriteRule
    {
        private readonly Dictionary<Node, Value> _seen = new(new StructuralComparer());

        public Value? Rewrite(Node node, GraphRewriter graph)
        {
            if (_seen.TryGetValue(node, out Value? first))
                return first;
            _seen.Add(node, node.Output);
            return null;
        }
    }
}
