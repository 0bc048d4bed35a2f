namespace PrivateInference.IR.Operations;

/// <summary>
/// Decisions of which each is turned round with some probability: x or 1 − x, element-wise, for x of 0 or 1. It makes a
/// shared decision noisy (Helbitz and Avidan, "Reducing ReLU Count for Privacy-Preserving CNN Speedup", equation 4).
/// Without a seed the parties draw anew which ones at every inference, and the interpreter, which has no parties, leaves
/// all as they are. With a seed they are part of the model, the same at every inference, and known to both parties.
/// </summary>
/// <param name="Probability">Of turning an element round; 0 to 1.</param>
/// <param name="Seed">What fixes the elements that are turned; null where the parties draw them.</param>
public sealed record RandomFlip(float Probability, long? Seed = null) : Operation
{
    public override string Name => "random_flip";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("probability", AttributeText.Of(Probability)), ("seed", Seed is { } seed ? AttributeText.Of(seed) : "none")];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        if (!inputs[0].IsFloat || Probability is not (>= 0 and <= 1))
            throw new GraphException($"'{Name}' with probability {AttributeText.Of(Probability)} does not apply to {inputs[0]}.");
        return inputs[0];
    }
}
