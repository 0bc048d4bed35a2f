using System.Globalization;
using System.Text;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>The sizes of a network, as text for golden files. Weights are not part of it.</summary>
internal static class ArchitectureReport
{
    /// <summary>Trainable parameters: floating point constants without the statistics of batch normalisation.</summary>
    public static long Parameters(Graph graph)
    {
        HashSet<Value> statistics = [.. graph.Nodes.Where(n => n.Operation is BatchNormalization).SelectMany(n => n.Inputs.Skip(3))];
        return graph.Nodes.Where(n => n.Operation is Constant && n.Output.Type.IsFloat && !statistics.Contains(n.Output)).Sum(n => (long)n.Output.Shape.Count);
    }

    /// <summary>Totals, how often each operation occurs, and the layers that decide signs.</summary>
    public static string Print(Graph graph)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"input {graph.Inputs[0].Type}, output {graph.Outputs[0].Type}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Parameters(graph)} parameters, {MultiplyAccumulates.Count(graph)} multiply-accumulates, {SignDecisions.Count(graph)} sign decisions\n\n");
        foreach (IGrouping<string, Node> operation in graph.Nodes.GroupBy(n => n.Operation.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{operation.Count(),5} {operation.Key}\n");
        text.Append('\n');
        foreach (Node node in graph.Nodes.Where(n => SignDecisions.Count(n) > 0))
            text.Append(CultureInfo.InvariantCulture, $"{SignDecisions.Count(node),9} {node.Operation.Name,-8} {node.Output.Shape,-14} {node.Name}\n");
        return text.ToString();
    }
}
