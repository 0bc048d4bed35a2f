using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Importing;

/// <summary>A unique name for every node: the model's, or operator and position for a node without one.</summary>
internal sealed class NodeNames
{
    private readonly string[] _names;

    public NodeNames(GraphProto graph)
    {
        HashSet<string> taken = new(graph.Node.Select(n => n.Name), StringComparer.Ordinal);
        HashSet<string> given = new(StringComparer.Ordinal);
        _names = new string[graph.Node.Count];
        for (int i = 0; i < _names.Length; i++)
        {
            NodeProto node = graph.Node[i];
            _names[i] = node.Name.Length > 0 && given.Add(node.Name)
                ? node.Name
                : Generated(node.Name.Length > 0 ? node.Name : node.OpType.ToLowerInvariant(), i, taken);
        }
    }

    /// <summary>The name of the node at this position in the file.</summary>
    public string this[int index] => _names[index];

    private static string Generated(string stem, int index, HashSet<string> taken)
    {
        string name = $"{stem}_{index}";
        while (!taken.Add(name))
            name += "_";
        return name;
    }
}
