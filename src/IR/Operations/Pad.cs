namespace PrivateInference.IR.Operations;

/// <summary>Constant padding. Pads hold all begins, then all ends, one per axis, non-negative.</summary>
public sealed record Pad(IntVector Pads, float Value = 0) : Operation
{
    public override string Name => "pad";

    public override IEnumerable<(string Name, string Value)> Attributes => [("pads", Pads.ToString()), ("value", AttributeText.Of(Value))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        if (Pads.Count != 2 * x.Rank || Pads.Any(p => p < 0))
            throw new GraphException($"Pads {Pads} do not fit a tensor of shape {x}.");
        int[] dimensions = new int[x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
            dimensions[axis] = Shape.Dimension((long)x[axis] + Pads[axis] + Pads[x.Rank + axis]);
        return inputs[0].WithShape(new Shape(dimensions));
    }
}
