using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Importing;

/// <summary>The values a node depends on. A node with subgraphs also reads what these take from the graphs around them.</summary>
internal static class CapturedNames
{
    public static string[] ReadBy(NodeProto node)
    {
        IEnumerable<string> inputs = node.Input.Where(i => i.Length > 0);
        GraphProto[] bodies = [.. Bodies(node)];
        return bodies.Length == 0 ? [.. inputs] : [.. inputs.Concat(bodies.SelectMany(ReadBy)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The graphs that a node's attributes hold.</summary>
    public static IEnumerable<GraphProto> Bodies(NodeProto node)
        => node.Attribute.Where(a => a.G is not null).Select(a => a.G).Concat(node.Attribute.SelectMany(a => a.Graphs));

    private static IEnumerable<string> ReadBy(GraphProto body)
    {
        HashSet<string> own = new(body.Input.Select(i => i.Name), StringComparer.Ordinal);
        own.UnionWith(body.Initializer.Select(t => t.Name));
        own.UnionWith(body.SparseInitializer.Select(t => t.Values?.Name ?? ""));
        own.UnionWith(body.Node.SelectMany(n => n.Output));
        return body.Node.SelectMany(ReadBy).Concat(body.Output.Select(o => o.Name)).Where(name => !own.Contains(name));
    }
}
