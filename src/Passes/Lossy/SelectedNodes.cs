using PrivateInference.IR;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>A rule that looks at some nodes only, each once: its own replacements define the same values again.</summary>
internal sealed class SelectedNodes(IReadOnlyDictionary<Value, Node> selected, Func<Node, GraphRewriter, Value?> rewrite) : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph) => selected.ContainsKey(node.Output) ? rewrite(node, graph) : null;
}
