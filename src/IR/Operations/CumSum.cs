namespace PrivateInference.IR.Operations;

/// <summary>
/// Running sums along an axis: element i is the sum of elements 0 … i, or of those before i when exclusive; from the end
/// when reversed.
/// </summary>
public sealed record CumSum(int Axis, bool Exclusive = false, bool Reverse = false) : Operation
{
    public override string Name => "cumsum";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("axis", AttributeText.Of(Axis)), ("exclusive", AttributeText.Of(Exclusive)), ("reverse", AttributeText.Of(Reverse))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        if (Axis < 0 || Axis >= inputs[0].Shape.Rank)
            throw new GraphException($"Axis {Axis} is out of range for {inputs[0].Shape}.");
        return inputs[0];
    }
}
