namespace PrivateInference.IR.Operations;

/// <summary>Combines the elements along the axes (ascending, non-negative) into one, which keeps axes of size one if asked.</summary>
public sealed record Reduce(ReduceKind Kind, IntVector Axes, bool KeepDimensions = true) : Operation
{
    public override string Name => Kind switch
    {
        ReduceKind.Sum => "reduce_sum",
        ReduceKind.Mean => "reduce_mean",
        ReduceKind.Max => "reduce_max",
        ReduceKind.Min => "reduce_min",
        ReduceKind.Prod => "reduce_prod",
        ReduceKind.L1 => "reduce_l1",
        ReduceKind.L2 => "reduce_l2",
        ReduceKind.SumSquare => "reduce_sum_square",
        ReduceKind.LogSum => "reduce_log_sum",
        ReduceKind.LogSumExp => "reduce_log_sum_exp",
        _ => throw new InvalidOperationException($"Unknown reduction {Kind}."),
    };

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("axes", Axes.ToString()), ("keepdims", AttributeText.Of(KeepDimensions))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        for (int i = 0; i < Axes.Count; i++)
        {
            if (Axes[i] < 0 || Axes[i] >= x.Rank || (i > 0 && Axes[i] <= Axes[i - 1]))
                throw new GraphException($"Axes {Axes} cannot be reduced in {x}.");
        }

        if (!inputs[0].IsFloat && Kind is (ReduceKind.L2 or ReduceKind.LogSum or ReduceKind.LogSumExp))
            throw new GraphException($"'{Name}' of {inputs[0]} is not an integer.");
        List<int> dimensions = [];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (!Axes.Contains(axis))
                dimensions.Add(x[axis]);
            else if (KeepDimensions)
                dimensions.Add(1);
        }

        return inputs[0].WithShape(new Shape([.. dimensions]));
    }
}
