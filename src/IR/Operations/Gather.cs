namespace PrivateInference.IR.Operations;

/// <summary>Elements of input 0 along an axis at the positions that the integer tensor of input 1 holds.</summary>
public sealed record Gather(int Axis) : Operation
{
    public override string Name => "gather";

    public override IEnumerable<(string Name, string Value)> Attributes => [("axis", AttributeText.Of(Axis))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        Shape x = inputs[0].Shape, indices = inputs[1].Shape;
        if (Axis < 0 || Axis >= x.Rank || inputs[1].IsFloat)
            throw new GraphException($"Gathering {inputs[1]} along axis {Axis} of {x} has no meaning.");
        return inputs[0].WithShape(new Shape(
            [.. x.Dimensions.AsSpan()[..Axis], .. indices.Dimensions.AsSpan(), .. x.Dimensions.AsSpan()[(Axis + 1)..]]));
    }
}
