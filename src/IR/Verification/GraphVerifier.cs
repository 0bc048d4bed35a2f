namespace PrivateInference.IR.Verification;

/// <summary>
/// Checks what every pass and the lowering rely on: value names are unique, each value is defined once and before its
/// uses, every declared type is the inferred one, and the outputs are defined.
/// </summary>
public static class GraphVerifier
{
    /// <summary>Every problem of the graph, in graph order; empty for a well-formed one.</summary>
    public static IReadOnlyList<string> Verify(Graph graph)
    {
        List<string> problems = [];
        HashSet<Value> defined = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<Value> definedSomewhere = [.. graph.Inputs, .. graph.Nodes.Select(n => n.Output)];

        foreach (Value input in graph.Inputs)
            Define(input, "graph input");
        foreach (Node node in graph.Nodes)
        {
            CheckOperands(node);
            CheckType(node, problems);
            Define(node.Output, $"node '{node.Name}'");
        }

        foreach (Value output in graph.Outputs.Where(o => !defined.Contains(o)))
            problems.Add($"Graph output '{output.Name}' is not defined in the graph.");
        return problems;

        void Define(Value value, string where)
        {
            if (value.Name.Length == 0)
                problems.Add($"A value of {where} has no name.");
            if (!defined.Add(value))
                problems.Add($"Value '{value.Name}' is defined more than once; {where} defines it again.");
            else if (!names.Add(value.Name))
                problems.Add($"The name '{value.Name}' is used by more than one value; {where} uses it again.");
        }

        void CheckOperands(Node node)
        {
            foreach (Value input in node.Inputs.Distinct().Where(v => !defined.Contains(v)))
            {
                problems.Add(definedSomewhere.Contains(input)
                    ? $"Node '{node.Name}' uses value '{input.Name}' before its definition."
                    : $"Node '{node.Name}' uses value '{input.Name}', which does not belong to the graph.");
            }
        }
    }

    /// <exception cref="GraphException">The graph is not well-formed; the message lists every problem.</exception>
    public static void Require(Graph graph)
    {
        IReadOnlyList<string> problems = Verify(graph);
        if (problems.Count > 0)
            throw new GraphException($"Graph '{graph.Name}' is not well-formed:\n  {string.Join("\n  ", problems)}");
    }

    private static void CheckType(Node node, List<string> problems)
    {
        try
        {
            TensorType inferred = node.Operation.InferType([.. node.Inputs.Select(v => v.Type)]);
            if (inferred != node.Output.Type)
                problems.Add($"Node '{node.Name}' declares {node.Output.Type}, but '{node.Operation.Name}' gives {inferred}.");
        }
        catch (GraphException e)
        {
            problems.Add($"Node '{node.Name}': {e.Message}");
        }
    }
}
