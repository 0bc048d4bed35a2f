namespace PrivateInference.IR.Operations;

/// <summary>Axis permutation: axis i of the result is axis Permutation[i] of the input.</summary>
public sealed record Transpose(IntVector Permutation) : Operation
{
    public override string Name => "transpose";

    public override IEnumerable<(string Name, string Value)> Attributes => [("perm", Permutation.ToString())];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        if (!Permutation.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
            throw new GraphException($"{Permutation} is not a permutation of the axes of {x}.");
        return inputs[0].WithShape(new Shape([.. Permutation.Select(axis => x[axis])]));
    }
}
