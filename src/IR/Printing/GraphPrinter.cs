using System.Text;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Printing;

/// <summary>
/// The text of a graph, one node a line in SSA form, in the manner of MLIR. The text is stable: the same graph prints
/// the same on every machine, so that it serves as the golden format.
/// <code>
/// graph @lenet(%image : f32[1x1x28x28]) {
///   %w = constant {sha256 = 1f0c83aa} : f32[32x1x3x3]
///   %y = conv(%image, %w) {kernel = [3, 3], …} : f32[1x32x28x28] loc(conv1)
///   return %y
/// }
/// </code>
/// <c>loc</c> is the node's name where it is not the value's. A name with other characters than letters, digits and
/// <c>_ . / : - $</c> is quoted.
/// </summary>
public static class GraphPrinter
{
    /// <summary>Constants of at most this many elements show them.</summary>
    private const int ShownElements = 8;

    /// <summary>The graph's text, with <c>\n</c> line ends and a final one.</summary>
    public static string Print(Graph graph)
    {
        StringBuilder text = new();
        text.Append("graph @").Append(Quote(graph.Name)).Append('(')
            .AppendJoin(", ", graph.Inputs.Select(v => $"{Reference(v)} : {v.Type}")).Append(") {\n");
        foreach (Node node in graph.Nodes)
            text.Append("  ").Append(Print(node)).Append('\n');
        text.Append("  return");
        if (!graph.Outputs.IsEmpty)
            text.Append(' ').AppendJoin(", ", graph.Outputs.Select(Reference));
        return text.Append("\n}\n").ToString();
    }

    /// <summary>The line of one node, without indentation or line end.</summary>
    public static string Print(Node node)
    {
        StringBuilder text = new();
        text.Append(Reference(node.Output)).Append(" = ").Append(node.Operation.Name);
        if (!node.Inputs.IsEmpty)
            text.Append('(').AppendJoin(", ", node.Inputs.Select(Reference)).Append(')');
        IEnumerable<string> attributes = Attributes(node.Operation).Select(a => $"{a.Name} = {a.Value}");
        string list = string.Join(", ", attributes);
        if (list.Length > 0)
            text.Append(" {").Append(list).Append('}');
        text.Append(" : ").Append(node.Output.Type);
        if (node.Name != node.Output.Name)
            text.Append(" loc(").Append(Quote(node.Name)).Append(')');
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Attributes(Operation operation)
        => operation is Constant constant ? ConstantAttributes(constant.Tensor) : operation.Attributes;

    private static IEnumerable<(string Name, string Value)> ConstantAttributes(Tensor tensor)
    {
        yield return ("sha256", TensorDigest.Short(tensor));
        if (tensor.Shape.Count <= ShownElements)
            yield return ("values", $"[{string.Join(", ", Elements(tensor))}]");
    }

    private static string[] Elements(Tensor tensor) => tensor.Type.IsFloat
        ? Array.ConvertAll(tensor.Floats.ToArray(), AttributeText.Of)
        : Array.ConvertAll(tensor.Integers.ToArray(), AttributeText.Of);

    private static string Reference(Value value) => "%" + Quote(value.Name);

    private static string Quote(string name)
    {
        if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "_./:-$".Contains(c, StringComparison.Ordinal)))
            return name;
        StringBuilder quoted = new("\"");
        foreach (char c in name)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c))
                quoted.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
