namespace PrivateInference.IR.Operations;

/// <summary>
/// Inference-time batch normalisation: scale·(x − mean)/√(variance + ε) + bias, per channel (axis 1).
/// Inputs: X, scale[C], bias[C], mean[C], variance[C].
/// </summary>
public sealed record BatchNormalization(float Epsilon) : Operation
{
    public override string Name => "batchnorm";

    public override IEnumerable<(string Name, string Value)> Attributes => [("epsilon", AttributeText.Of(Epsilon))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 5);
        Shape x = inputs[0].Shape;
        int channels = x.Rank < 2 ? 1 : x[1];
        for (int i = 1; i < 5; i++)
        {
            if (inputs[i].Shape.Rank != 1 || inputs[i].Shape[0] != channels)
                throw new GraphException($"Batch normalisation of {x} needs parameters of {channels} elements, not {inputs[i].Shape}.");
        }

        return inputs[0];
    }
}
