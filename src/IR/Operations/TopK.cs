namespace PrivateInference.IR.Operations;

/// <summary>
/// The K largest (or smallest) elements along an axis, best first; of equals the first one first. Gives the elements, or
/// their positions.
/// </summary>
public sealed record TopK(int Axis, int K, bool Largest = true, bool Positions = false) : Operation
{
    public override string Name => "topk";

    public override IEnumerable<(string Name, string Value)> Attributes =>
    [
        ("axis", AttributeText.Of(Axis)), ("k", AttributeText.Of(K)),
        ("largest", AttributeText.Of(Largest)), ("positions", AttributeText.Of(Positions)),
    ];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        if (Axis < 0 || Axis >= x.Rank || K < 0 || K > x[Axis])
            throw new GraphException($"There are no {K} elements along axis {Axis} of {x}.");
        int[] dimensions = [.. x.Dimensions];
        dimensions[Axis] = K;
        return new TensorType(Positions ? ElementType.Int64 : inputs[0].Element, new Shape(dimensions));
    }
}
