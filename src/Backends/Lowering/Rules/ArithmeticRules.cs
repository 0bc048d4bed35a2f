using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Element-wise arithmetic. What can go into a preceding convolution's weights and bias does.</summary>
internal static class ArithmeticRules
{
    public static SecretView Lower(LoweringContext context, Node node, BinaryKind kind)
    {
        (Value left, Value right) = (node.Inputs[0], node.Inputs[1]);
        if (kind is BinaryKind.Max or BinaryKind.Min)
            return PiecewiseRules.Extremum(context, node, isMaximum: kind == BinaryKind.Max);
        if (kind is not (BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "There is no secure protocol for this operation.", SecureRewrites.For(node.Operation));
        if (context.IsSecret(left) && context.IsSecret(right))
            return TwoSecrets(context, node, kind);
        bool secretFirst = context.IsSecret(left);
        Value secret = secretFirst ? left : right;
        double[] constant = Constants.Broadcast(context.RequireConstant(secretFirst ? right : left, "operand"), node.Output.Shape);
        RequireUnbroadcast(secret, node.Output.Shape);
        if (secretFirst && Reviewed(context, secret, kind, constant) is { } view)
            return context.Reinterpret(node, view);
        switch (kind)
        {
            case BinaryKind.Add:
                return Add(context, node, secret, constant);
            case BinaryKind.Sub when secretFirst:
                return Add(context, node, secret, [.. constant.Select(c => -c)]);
            case BinaryKind.Sub:
                double[] minusOne = new double[constant.Length];
                Array.Fill(minusOne, -1);
                return Affine(context, node, secret, minusOne, constant);
            case BinaryKind.Mul:
                return Affine(context, node, secret, constant, new double[constant.Length]);
            case BinaryKind.Div when !secret.Type.IsFloat:
                throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "A quotient of integers has no secure protocol.", "Dequantise first.");
            case BinaryKind.Div when secretFirst:
                return Affine(context, node, secret, [.. constant.Select(c => 1 / c)], new double[constant.Length]);
            case BinaryKind.Div:
                throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, "Division by a value computed from the input has no secure protocol.", "Divide by a constant.");
            default:
                throw new InvalidOperationException($"Unknown arithmetic {kind}.");
        }
    }

    /// <summary>What the folding into convolutions left: a factor and a summand per channel.</summary>
    public static SecretView BatchNormalization(LoweringContext context, Node node)
    {
        Tensor[] parameters = [.. node.Inputs.Skip(1).Select((v, i) => context.RequireConstant(v, $"parameter {i + 1}"))];
        BatchNormalization operation = (BatchNormalization)node.Operation;
        int channels = parameters[0].Shape.Count, inner = node.Output.Shape.Count / (node.Output.Shape[0] * channels);
        double[] factors = new double[node.Output.Shape.Count], summands = new double[factors.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            int c = i / inner % channels;
            factors[i] = parameters[0].Floats[c] / Math.Sqrt(parameters[3].Floats[c] + operation.Epsilon);
            summands[i] = parameters[1].Floats[c] - (parameters[2].Floats[c] * factors[i]);
        }

        return Affine(context, node, node.Inputs[0], factors, summands);
    }

    /// <summary>
    /// What a number does to the view alone: it moves an integer's zero point, and multiplies what is not held as it is.
    /// Null where the step itself has to change.
    /// </summary>
    private static SecretView? Reviewed(LoweringContext context, Value secret, BinaryKind kind, double[] constant)
    {
        SecretView view = context.View(secret);
        if (constant.Length == 0 || constant.Any(c => c != constant[0]))
            return null;
        double number = constant[0];
        bool isScaled = !view.IsUnscaled || context[view.Index] is RealConvolution { HasIntegerWeights: true };
        return kind switch
        {
            BinaryKind.Add when !secret.Type.IsFloat => view with { Offset = view.Offset + number },
            BinaryKind.Sub when !secret.Type.IsFloat => view with { Offset = view.Offset - number },
            BinaryKind.Mul when isScaled && IsFactor(number) => view with { Factor = view.Factor * number, Offset = view.Offset * number },
            BinaryKind.Div when isScaled && secret.Type.IsFloat && IsFactor(number) => view with { Factor = view.Factor / number, Offset = view.Offset / number },
            _ => null,
        };
    }

    private static bool IsFactor(double number) => number > 0 && double.IsFinite(1 / number);

    private static SecretView TwoSecrets(LoweringContext context, Node node, BinaryKind kind)
    {
        if (kind is BinaryKind.Mul or BinaryKind.Div)
            throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, "Both operands are computed from the input; products and quotients of such values have no secure protocol here.");
        foreach (Value operand in node.Inputs)
            RequireUnbroadcast(operand, node.Output.Shape);
        (SecretView left, SecretView right) = (context.Unshifted(node.Inputs[0]), context.Unshifted(node.Inputs[1]));
        if (!left.HasFactorOf(right))
            (left, right) = (context.Secret(node.Inputs[0]), context.Secret(node.Inputs[1]));
        int index = context.Append(new RealAdd
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Left = left.Index,
            Right = right.Index,
            Subtract = kind == BinaryKind.Sub,
        });
        return left with { Index = index };
    }

    private static SecretView Add(LoweringContext context, Node node, Value secret, double[] summands)
    {
        SecretView view = context.Unshifted(secret);
        summands = [.. summands.Select(s => s / view.Factor)];
        if (context.Absorbable<RealConvolution>(secret) is { } convolution && PerChannel(convolution.Geometry, summands) is { } bias)
        {
            context.Fuse(view.Index, convolution with { Source = node.Output, Shape = node.Output.Shape, Bias = [.. convolution.Bias.Zip(bias, (a, b) => a + b)] });
            return view;
        }

        int index = context.Append(new RealAddConstant { Name = node.Name, Shape = node.Output.Shape, Source = node.Output, Input = view.Index, Constant = summands });
        return view with { Index = index };
    }

    /// <summary>factors · x + summands.</summary>
    private static SecretView Affine(LoweringContext context, Node node, Value secret, double[] factors, double[] summands)
    {
        if (!factors.Concat(summands).All(double.IsFinite))
            throw new LoweringException(CompileDiagnosticCodes.NotFinite, "Its constants lead to a NaN or an infinity: a divisor is 0, or a variance negative.");
        SecretView view = context.Unshifted(secret);
        summands = [.. summands.Select(s => s / view.Factor)];
        if (context.Absorbable<RealConvolution>(secret) is { } convolution
            && PerChannel(convolution.Geometry, factors) is { } rowFactors && PerChannel(convolution.Geometry, summands) is { } rowSummands)
        {
            int taps = convolution.Geometry.Taps;
            context.Fuse(view.Index, convolution with
            {
                Source = node.Output,
                Shape = node.Output.Shape,
                Weights = [.. convolution.Weights.Select((w, i) => (float)(w * rowFactors[i / taps]))],
                Bias = [.. convolution.Bias.Select((b, m) => (b * rowFactors[m]) + rowSummands[m])],
                HasIntegerWeights = false,
                Factor = 0,
            });
            return view;
        }

        return view with { Index = context.Append(Elementwise(node.Name, node.Output, view.Index, factors, summands)) };
    }

    /// <summary>A depthwise 1×1 convolution: per channel where the constants allow it, per element otherwise.</summary>
    public static RealConvolution Elementwise(string name, Value source, int input, double[] factors, double[] summands)
    {
        Shape shape = source.Shape;
        ConvolutionGeometry geometry = shape.Rank >= 2 ? Depthwise(shape[0], shape[1], shape.Count / (shape[0] * shape[1])) : Depthwise(1, shape.Count, 1);
        if (PerChannel(geometry, factors) is null || PerChannel(geometry, summands) is null)
            geometry = Depthwise(1, shape.Count, 1);
        return new RealConvolution
        {
            Name = name,
            Shape = shape,
            Source = source,
            Input = input,
            Geometry = geometry,
            Weights = [.. PerChannel(geometry, factors)!.Select(f => (float)f)],
            Bias = PerChannel(geometry, summands)!,
        };
    }

    private static ConvolutionGeometry Depthwise(int batch, int channels, int pixels)
        => new() { Batch = batch, InputChannels = channels, InputHeight = 1, InputWidth = pixels, OutputChannels = channels, Groups = channels };

    /// <summary>One element per output channel, or null where elements of a channel differ.</summary>
    private static double[]? PerChannel(ConvolutionGeometry geometry, double[] elements)
    {
        int pixels = geometry.OutputHeight * geometry.OutputWidth;
        double[] channels = new double[geometry.OutputChannels];
        for (int m = 0; m < channels.Length; m++)
            channels[m] = elements[m * pixels];
        for (int i = 0; i < elements.Length; i++)
        {
            if (elements[i] != channels[i / pixels % channels.Length])
                return null;
        }

        return channels;
    }

    public static void RequireUnbroadcast(Value secret, Shape shape)
    {
        if (secret.Shape.Count != shape.Count)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"'{secret.Name}' of shape {secret.Shape} is computed from the input and would be broadcast to {shape}.", "Expand it beforehand, for example with Concat.");
    }
}
