using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Polynomial activations. One that is linear on every channel becomes a product with private weights, which nothing online
/// is sent for; others keep public coefficients.
/// </summary>
internal static class PolynomialRules
{
    public static int Lower(LoweringContext context, Node node, Polynomial polynomial)
    {
        Tensor coefficients = context.RequireConstant(node.Inputs[1], "coefficients");
        Shape shape = node.Output.Shape;
        int input = context.Secret(node.Inputs[0]), sets = coefficients.Shape[0], terms = coefficients.Shape[1];
        ChannelMap channels = sets == 1
            ? new ChannelMap(1, 1)
            : new ChannelMap(sets, new Shape(shape.Dimensions.AsSpan()[(polynomial.Axis + 1)..]).Count);
        float[] values = coefficients.Floats.ToArray();
        int degree = terms - 1;
        while (degree > 0 && Enumerable.Range(0, sets).All(set => values[(set * terms) + degree] == 0))
            degree--;
        if (degree < PolynomialStep.MinDegree)
            return context.Append(ArithmeticRules.Elementwise(node.Name, node.Output, input, Of(1), Of(0)));
        return context.Append(new RealPolynomial
        {
            Name = node.Name,
            Shape = shape,
            Source = node.Output,
            Input = input,
            Argument = node.Inputs[0],
            Fitted = polynomial.Fitted,
            Degree = degree,
            Channels = channels,
            Coefficients = [.. Enumerable.Range(0, sets).SelectMany(set => values.Skip(set * terms).Take(degree + 1)).Select(c => (double)c)],
        });

        double[] Of(int power) => [.. Enumerable.Range(0, shape.Count).Select(i => power < terms ? values[(channels.ChannelOf(i) * terms) + power] : 0.0)];
    }
}
