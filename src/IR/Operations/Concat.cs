namespace PrivateInference.IR.Operations;

/// <summary>Concatenation along an axis (non-negative).</summary>
public sealed record Concat(int Axis) : Operation
{
    public override string Name => "concat";

    public override IEnumerable<(string Name, string Value)> Attributes => [("axis", AttributeText.Of(Axis))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1, int.MaxValue);
        int[] dimensions = inputs[0].Shape.Dimensions.AsSpan().ToArray();
        if (Axis < 0 || Axis >= dimensions.Length)
            throw new GraphException($"Axis {Axis} is out of range for {inputs[0].Shape}.");
        foreach (TensorType input in inputs.Skip(1))
        {
            bool fits = input.Shape.Rank == dimensions.Length && input.Element == inputs[0].Element;
            for (int axis = 0; fits && axis < dimensions.Length; axis++)
                fits = axis == Axis || input.Shape[axis] == inputs[0].Shape[axis];
            if (!fits)
                throw new GraphException($"{inputs[0]} and {input} cannot be concatenated along axis {Axis}.");
            dimensions[Axis] = Shape.Dimension((long)dimensions[Axis] + input.Shape[Axis]);
        }

        return inputs[0].WithShape(new Shape(dimensions));
    }
}
