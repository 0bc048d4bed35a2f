using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Passes.Rewriting;

/// <summary>Finds the nodes that no graph output depends on.</summary>
internal static class DeadNodes
{
    /// <summary>The nodes that some output depends on, in order.</summary>
    public static ImmutableArray<Node> Sweep(ImmutableArray<Node> nodes, ImmutableArray<Value> outputs)
    {
        HashSet<Value> needed = [.. outputs];
        Stack<Node> live = new();
        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            if (!needed.Contains(nodes[i].Output))
                continue;
            live.Push(nodes[i]);
            needed.UnionWith(nodes[i].Inputs);
        }

        return [.. live];
    }
}
