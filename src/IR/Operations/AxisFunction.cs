namespace PrivateInference.IR.Operations;

/// <summary>A function of the vectors along one axis (non-negative) that keeps their length.</summary>
public abstract record AxisFunction(int Axis) : Operation
{
    public override IEnumerable<(string Name, string Value)> Attributes => [("axis", AttributeText.Of(Axis))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0].IsFloat && Axis >= 0 && Axis < inputs[0].Shape.Rank
            ? inputs[0]
            : throw new GraphException($"'{Name}' along axis {Axis} of {inputs[0]} has no meaning.");
    }
}
