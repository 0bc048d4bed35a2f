using PrivateInference.IR;

namespace PrivateInference.Passes.Rewriting;

/// <summary>A local rewrite, looked for at every node in graph order.</summary>
public interface IRewriteRule
{
    /// <summary>
    /// The value that replaces <paramref name="node"/>'s, or null where the pattern does not match. The inputs of the node
    /// are already rewritten. The result is either a value of the graph, or the node's own value after
    /// <see cref="GraphRewriter.Define"/> has given it a new definition, which is how its name survives.
    /// </summary>
    Value? Rewrite(Node node, GraphRewriter graph);
}
