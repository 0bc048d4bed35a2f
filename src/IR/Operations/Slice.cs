namespace PrivateInference.IR.Operations;

/// <summary>
/// A strided part of a tensor: along axis i the elements Starts[i], Starts[i] + Steps[i], … of which there are Sizes[i].
/// One entry per axis, normalised; steps may be negative.
/// </summary>
public sealed record Slice(IntVector Starts, IntVector Sizes, IntVector Steps) : Operation
{
    public override string Name => "slice";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("starts", Starts.ToString()), ("sizes", Sizes.ToString()), ("steps", Steps.ToString())];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        if (Starts.Count != x.Rank || Sizes.Count != x.Rank || Steps.Count != x.Rank)
            throw new GraphException($"A slice with starts {Starts}, sizes {Sizes}, steps {Steps} does not fit {x}.");
        for (int axis = 0; axis < x.Rank; axis++)
        {
            long last = Starts[axis] + ((Sizes[axis] - 1L) * Steps[axis]);
            bool inside = Sizes[axis] == 0 || (Starts[axis] >= 0 && Starts[axis] < x[axis] && last >= 0 && last < x[axis]);
            if (Steps[axis] == 0 || Sizes[axis] < 0 || !inside)
                throw new GraphException($"A slice with starts {Starts}, sizes {Sizes}, steps {Steps} leaves {x}.");
        }

        return inputs[0].WithShape(new Shape(Sizes.AsSpan()));
    }
}
