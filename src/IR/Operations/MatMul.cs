namespace PrivateInference.IR.Operations;

/// <summary>Matrix product with NumPy semantics. ONNX Gemm imports as this and an addition.</summary>
public sealed record MatMul : Operation
{
    public override string Name => "matmul";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        Shape a = inputs[0].Shape, b = inputs[1].Shape;
        if (inputs[0].Element != inputs[1].Element)
            throw new GraphException($"A matrix product of {inputs[0]} and {inputs[1]} mixes element types.");
        if (a.Rank == 0 || b.Rank == 0)
            throw new GraphException($"A matrix product of {a} and {b} has no meaning.");
        int inner = b.Rank == 1 ? b[0] : b[b.Rank - 2];
        if (a[a.Rank - 1] != inner)
            throw new GraphException($"A matrix product of {a} and {b} has no meaning: {a[a.Rank - 1]} is not {inner}.");
        ReadOnlySpan<int> leadingA = a.Rank > 2 ? a.Dimensions.AsSpan()[..^2] : [];
        ReadOnlySpan<int> leadingB = b.Rank > 2 ? b.Dimensions.AsSpan()[..^2] : [];
        List<int> result = [.. Shape.Broadcast(new Shape(leadingA), new Shape(leadingB)).Dimensions];
        if (a.Rank > 1)
            result.Add(a[a.Rank - 2]);
        if (b.Rank > 1)
            result.Add(b[b.Rank - 1]);
        return inputs[0].WithShape(new Shape(result.ToArray()));
    }
}
