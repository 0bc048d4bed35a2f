namespace PrivateInference.IR.Operations;

/// <summary>
/// (x − mean)/√(variance + ε), statistics taken over the axes from <paramref name="Axis"/> on, then ·scale + bias.
/// Inputs: X and optionally scale, then bias, which broadcast to X. Instance, group and mean-variance normalisation
/// import as this. Not <paramref name="Centered"/> it is root-mean-square normalisation: x/√(mean(x²) + ε).
/// </summary>
public sealed record LayerNormalization(int Axis, float Epsilon, bool Centered = true) : Operation
{
    public override string Name => Centered ? "layernorm" : "rmsnorm";

    public override IEnumerable<(string Name, string Value)> Attributes => [("axis", AttributeText.Of(Axis)), ("epsilon", AttributeText.Of(Epsilon))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1, 3);
        TensorType x = inputs[0];
        if (!x.IsFloat || Axis < 0 || Axis >= x.Shape.Rank)
            throw new GraphException($"Axis {Axis} is no axis to normalise {x} from.");
        foreach (TensorType parameter in inputs.Skip(1))
        {
            if (!parameter.IsFloat || Shape.Broadcast(x.Shape, parameter.Shape) != x.Shape)
                throw new GraphException($"Normalisation of {x} has a parameter {parameter} that does not fit.");
        }

        return x;
    }
}
