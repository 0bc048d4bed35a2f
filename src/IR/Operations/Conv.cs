namespace PrivateInference.IR.Operations;

/// <summary>
/// Convolution (cross-correlation, as in ONNX). Inputs: X[N, C, spatial…], W[M, C/groups, kernel…] and optionally B[M].
/// </summary>
public sealed record Conv(SpatialWindow Window, int Groups = 1) : Operation
{
    public override string Name => "conv";

    public override IEnumerable<(string Name, string Value)> Attributes => [.. Window.Attributes, ("groups", AttributeText.Of(Groups))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2, 3);
        Shape x = inputs[0].Shape, w = inputs[1].Shape;
        if (w.Rank != x.Rank || x.Rank < 3 || Groups < 1 || x[1] != w[1] * Groups || w[0] % Groups != 0)
            throw new GraphException($"A convolution of input {x} with weight {w} in {Groups} groups has no meaning.");
        if (inputs.Any(input => input.Element != inputs[0].Element))
            throw new GraphException($"A convolution of {inputs[0]} with weight {inputs[1]} mixes element types.");
        if (!w.Dimensions.AsSpan()[2..].SequenceEqual(Window.Kernel.AsSpan()))
            throw new GraphException($"The kernel {Window.Kernel} does not match the weight {w}.");
        if (inputs.Count == 3 && (inputs[2].Shape.Rank != 1 || inputs[2].Shape[0] != w[0]))
            throw new GraphException($"The bias {inputs[2].Shape} does not match {w[0]} output channels.");
        return inputs[0].WithShape(Window.OutputShape(x, w[0], ceil: false, Name));
    }
}
