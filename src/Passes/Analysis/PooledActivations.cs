using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>
/// ReLUs and clips beside a max pool. Both are monotone, so one circuit computes them together, the pool first: whatever
/// replaces the activation, the pool's comparisons remain, and what it saves is a fraction of them, which a split of the
/// channels, a product with a shared decision or the truncation before a polynomial uses up: of the recipes in docs/rewrites.md
/// those that keep the max pools save 3% of the online bytes at best, and most of them cost more.
/// </summary>
internal static class PooledActivations
{
    /// <summary>The layers without those beside a max pool; each of these gets a note. A user who names layers gets them all.</summary>
    public static IReadOnlyList<Node> Leave(IReadOnlyList<Node> layers, LayerSelection selection, Graph graph, PassContext context)
    {
        if (selection.IsGiven)
            return layers;
        List<Node> kept = [];
        foreach (Node node in layers)
        {
            if (PoolBeside(node, graph) is { } pool)
                context.Note($"{node.Name} is left as it is: the max pool {pool.Name} beside it compares its elements anyway, which leaves next to nothing to gain; layers=… rewrites it all the same");
            else
                kept.Add(node);
        }

        return kept;
    }

    private static Node? PoolBeside(Node node, Graph graph)
    {
        if (node.Operation is not (Relu or Clip))
            return null;
        if (OnlyReader(node.Output, graph) is { Operation: MaxPool } follower)
            return follower;
        return graph.Producer(node.Inputs[0]) is { Operation: MaxPool } pool && OnlyReader(pool.Output, graph) == node ? pool : null;
    }

    private static Node? OnlyReader(Value value, Graph graph)
        => graph.Outputs.Contains(value) || graph.Users(value).Take(2).ToArray() is not [var reader] ? null : reader;
}
