namespace PrivateInference.IR.Execution;

/// <summary>
/// Executes a graph in the clear on the calling thread. Floating point types compute in single precision. Each
/// convolution or matrix product is one chain of fused multiply-adds in a fixed order, so that results do not depend on
/// the machine's vector width.
/// </summary>
public static class FloatInterpreter
{
    /// <summary>Runs the graph on one tensor per graph input and returns one per graph output, in their order.</summary>
    /// <exception cref="GraphException">The inputs do not fit the graph, or a node has no result for its inputs.</exception>
    public static IReadOnlyList<Tensor> Run(Graph graph, IReadOnlyList<Tensor> inputs)
        => Run(graph, inputs, static (_, _) => { });

    /// <summary>
    /// Runs the graph and shows <paramref name="observer"/> every value once: the inputs, then the nodes' in graph order.
    /// </summary>
    /// <exception cref="GraphException">The inputs do not fit the graph, or a node has no result for its inputs.</exception>
    public static IReadOnlyList<Tensor> Run(Graph graph, IReadOnlyList<Tensor> inputs, Action<Value, Tensor> observer)
    {
        RequireInputs(graph, inputs);
        Dictionary<Value, int> usesLeft = CountUses(graph);
        Dictionary<Value, Tensor> live = [];
        for (int i = 0; i < inputs.Count; i++)
            Define(graph.Inputs[i], inputs[i]);
        foreach (Node node in graph.Nodes)
        {
            Tensor result = Evaluate(node, [.. node.Inputs.Select(v => live[v])]);
            foreach (Value input in node.Inputs)
            {
                if (--usesLeft[input] == 0)
                    live.Remove(input);
            }

            Define(node.Output, result);
        }

        return [.. graph.Outputs.Select(v => live[v])];

        void Define(Value value, Tensor tensor)
        {
            observer(value, tensor);
            if (usesLeft.ContainsKey(value))
                live[value] = tensor;
        }
    }

    /// <summary>Computes one operation.</summary>
    /// <exception cref="GraphException">The inputs do not fit the operation.</exception>
    public static Tensor Evaluate(Operation operation, IReadOnlyList<Tensor> inputs)
    {
        TensorType type = operation.InferType([.. inputs.Select(t => t.Type)]);
        return OperationKernels.Evaluate(operation, inputs, type);
    }

    /// <summary>Computes one node; a failure names it.</summary>
    /// <exception cref="GraphException">The inputs do not fit the node's operation.</exception>
    public static Tensor Evaluate(Node node, IReadOnlyList<Tensor> inputs)
    {
        try
        {
            return Evaluate(node.Operation, inputs);
        }
        catch (GraphException e)
        {
            throw new GraphException($"Node '{node.Name}' ({node.Operation.Name}): {e.Message}", e);
        }
    }

    /// <summary>How often each used value is read; a graph output counts as one more read, so that it stays live.</summary>
    private static Dictionary<Value, int> CountUses(Graph graph)
    {
        Dictionary<Value, int> uses = [];
        foreach (Value value in graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs))
            uses[value] = uses.GetValueOrDefault(value) + 1;
        return uses;
    }

    private static void RequireInputs(Graph graph, IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != graph.Inputs.Length)
            throw new GraphException($"Graph '{graph.Name}' takes {graph.Inputs.Length} inputs and got {inputs.Count}.");
        foreach ((Value value, Tensor tensor) in graph.Inputs.Zip(inputs))
        {
            if (tensor.Type != value.Type)
                throw new GraphException($"Input '{value.Name}' is {value.Type} and got a tensor of {tensor.Type}.");
        }
    }
}
