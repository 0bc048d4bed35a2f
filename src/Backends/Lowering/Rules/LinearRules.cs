using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Products with the server's constants.</summary>
internal static class LinearRules
{
    /// <summary>
    /// Floating point weights take the factor of a dequantised operand; a quantised model's integers stay as they are, and so
    /// does the view.
    /// </summary>
    public static SecretView Convolution(LoweringContext context, Node node, Conv conv)
    {
        SecretView input = context.Unshifted(node.Inputs[0]);
        Tensor weight = context.RequireConstant(node.Inputs[1], "weight");
        Tensor? bias = node.Inputs.Length > 2 ? context.RequireConstant(node.Inputs[2], "bias") : null;
        return Append(context, weight, input, new RealConvolution
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = input.Index,
            Geometry = Windows.Convolution(node.Inputs[0].Shape, weight.Shape, conv),
            Weights = Constants.Elements(weight),
            Bias = bias is null ? new double[weight.Shape[0]] : [.. Constants.Elements(bias)],
        });
    }

    /// <summary>x[…, K] · W[K, M]: every row of x is an image of K channels and one pixel.</summary>
    public static SecretView MatrixProduct(LoweringContext context, Node node)
    {
        Value left = node.Inputs[0], right = node.Inputs[1];
        if (context.IsSecret(left) && context.IsSecret(right))
            throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, "A product of two matrices that are both computed from the input has no secure protocol here.");
        if (context.IsSecret(right))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "The constant is the left factor.", "Rewrite W·x as (xᵀ·Wᵀ)ᵀ.");
        Tensor weight = context.RequireConstant(right, "weight");
        if (weight.Shape.Rank > 2)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"The constant {weight.Shape} is a batch of matrices.", "Use one matrix per product.");
        int inner = weight.Shape[0], columns = weight.Shape.Rank == 2 ? weight.Shape[1] : 1;
        SecretView input = context.Unshifted(left);
        return Append(context, weight, input, new RealConvolution
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = input.Index,
            Geometry = new ConvolutionGeometry { Batch = left.Shape.Count / inner, InputChannels = inner, InputHeight = 1, InputWidth = 1, OutputChannels = columns },
            Weights = Transpose(Constants.Elements(weight), inner, columns),
            Bias = new double[columns],
            IsFullyConnected = true,
        });
    }

    private static SecretView Append(LoweringContext context, Tensor weight, SecretView input, RealConvolution step)
    {
        if (!weight.Type.IsFloat)
            return input with { Index = context.Append(step with { HasIntegerWeights = true, Bias = [.. step.Bias.Select(b => b / input.Factor)] }) };
        return context.Append(input.IsUnscaled ? step : step with { Weights = [.. step.Weights.Select(w => (float)(w * input.Factor))] });
    }

    private static float[] Transpose(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        float[] result = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                result[(column * rows) + row] = matrix[(row * columns) + column];
        }

        return result;
    }
}
