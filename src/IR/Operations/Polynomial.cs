using PrivateInference.IR.Analysis;

namespace PrivateInference.IR.Operations;

/// <summary>
/// Σ c_k·x^k, element-wise, with coefficients that may differ along one axis. Inputs: X; coefficients of shape
/// C×(degree + 1) in ascending order of the power, C being X's size along <see cref="Axis"/>, or 1 where all share them.
/// </summary>
/// <param name="Axis">The non-negative axis along which the coefficients differ, normally the channels'.</param>
public sealed record Polynomial(int Axis) : Operation
{
    /// <summary>No activation is approximated by a higher degree: powers would leave every ring.</summary>
    public const int MaxDegree = 8;

    /// <summary>
    /// The interval on which it was fitted to an activation, its ends of single precision; elsewhere it follows none. Null where nothing is
    /// known. It does not change what is computed.
    /// </summary>
    public Interval? Fitted { get; init; }

    public override string Name => "polynomial";

    public override IEnumerable<(string Name, string Value)> Attributes => Fitted is { } fitted
        ? [("axis", AttributeText.Of(Axis)), ("fitted", $"{AttributeText.Of((float)fitted.Minimum)}..{AttributeText.Of((float)fitted.Maximum)}")]
        : [("axis", AttributeText.Of(Axis))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        (TensorType x, Shape coefficients) = (inputs[0], inputs[1].Shape);
        if (!x.IsFloat || x.Element != inputs[1].Element || Axis < 0 || Axis >= x.Shape.Rank)
            throw new GraphException($"A polynomial along axis {Axis} does not apply to {x} with coefficients {inputs[1]}.");
        if (coefficients.Rank != 2 || (coefficients[0] != 1 && coefficients[0] != x.Shape[Axis]) || coefficients[1] is < 1 or > MaxDegree + 1)
            throw new GraphException($"Coefficients of shape {coefficients} do not fit axis {Axis} of {x}; they are C×(degree + 1), degree at most {MaxDegree}.");
        if (Fitted is { } fitted && !(fitted.Minimum <= fitted.Maximum && double.IsFinite(fitted.Magnitude)))
            throw new GraphException($"A polynomial cannot have been fitted on {fitted.Minimum} to {fitted.Maximum}.");
        return x;
    }
}
