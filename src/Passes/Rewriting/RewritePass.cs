using PrivateInference.IR;

namespace PrivateInference.Passes.Rewriting;

/// <summary>A pass that applies local rules until none matches. At each node the first rule that matches wins.</summary>
public abstract class RewritePass : Pass
{
    /// <summary>The rules, asked for anew for each walk, so that a rule may remember what it has seen in one.</summary>
    protected abstract IReadOnlyList<IRewriteRule> Rules { get; }

    public override Graph Run(Graph graph, PassContext context)
    {
        for (Graph next; ; graph = next)
        {
            next = GraphRewriter.Apply(graph, Rules, context.Cancellation);
            if (ReferenceEquals(next, graph))
                return graph;
        }
    }
}
