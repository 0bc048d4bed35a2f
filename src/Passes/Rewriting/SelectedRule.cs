using PrivateInference.IR;

namespace PrivateInference.Passes.Rewriting;

/// <summary>A rule for the nodes that define some values; for one walk, as its own replacements define the same values again.</summary>
internal sealed class SelectedRule(IEnumerable<Value> outputs, Func<Node, GraphRewriter, Value?> rewrite) : IRewriteRule
{
    private readonly HashSet<Value> _outputs = [.. outputs];

    public Value? Rewrite(Node node, GraphRewriter graph) => _outputs.Contains(node.Output) ? rewrite(node, graph) : null;
}
