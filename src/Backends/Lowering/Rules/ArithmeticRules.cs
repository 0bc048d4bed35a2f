using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Element-wise arithmetic. What can go into a preceding convolution's weights and bias does.</summary>
internal static class ArithmeticRules
{
    public static int Lower(LoweringContext context, Node node, BinaryKind kind)
    {
        (Value left, Value right) = (node.Inputs[0], node.Inputs[1]);
        if (kind is not (BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "There is no secure protocol for this operation.", SecureRewrites.For(node.Operation));
        if (context.IsSecret(left) && context.IsSecret(right))
            return TwoSecrets(context, node, kind);
        bool secretFirst = context.IsSecret(left);
        Value secret = secretFirst ? left : right;
        double[] constant = Broadcast(context.RequireConstant(secretFirst ? right : left, "operand"), node.Output.Shape);
        RequireUnbroadcast(secret, node.Output.Shape);
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
            case BinaryKind.Div when secretFirst:
                return Affine(context, node, secret, [.. constant.Select(c => 1 / c)], new double[constant.Length]);
            case BinaryKind.Div:
                throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, "Division by a value computed from the input has no secure protocol.", "Divide by a constant.");
            default:
                throw new InvalidOperationException($"Unknown arithmetic {kind}.");
        }
    }

    /// <summary>What the folding into convolutions left: a factor and a summand per channel.</summary>
    public static int BatchNormalization(LoweringContext context, Node node)
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

    private static int TwoSecrets(LoweringContext context, Node node, BinaryKind kind)
    {
        if (kind is BinaryKind.Mul or BinaryKind.Div)
            throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, "Both operands are computed from the input; products and quotients of such values have no secure protocol here.");
        foreach (Value operand in node.Inputs)
            RequireUnbroadcast(operand, node.Output.Shape);
        return context.Append(new RealAdd
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Left = context.Secret(node.Inputs[0]),
            Right = context.Secret(node.Inputs[1]),
            Subtract = kind == BinaryKind.Sub,
        });
    }

    private static int Add(LoweringContext context, Node node, Value secret, double[] summands)
    {
        int index = context.Secret(secret);
        if (context.Absorbable<RealConvolution>(secret) is { } convolution && PerChannel(convolution.Geometry, summands) is { } bias)
        {
            context.Fuse(index, convolution with { Source = node.Output, Shape = node.Output.Shape, Bias = [.. convolution.Bias.Zip(bias, (a, b) => a + b)] });
            return index;
        }

        return context.Append(new RealAddConstant { Name = node.Name, Shape = node.Output.Shape, Source = node.Output, Input = index, Constant = summands });
    }

    /// <summary>factors · x + summands.</summary>
    private static int Affine(LoweringContext context, Node node, Value secret, double[] factors, double[] summands)
    {
        if (!factors.Concat(summands).All(double.IsFinite))
            throw new LoweringException(CompileDiagnosticCodes.NotFinite, "Its constants lead to a NaN or an infinity: a divisor is 0, or a variance negative.");
        int index = context.Secret(secret);
        if (context.Absorbable<RealConvolution>(secret) is { } convolution
            && PerChannel(convolution.Geometry, factors) is { } rowFactors && PerChannel(convolution.Geometry, summands) is { } rowSummands)
        {
            int taps = convolution.Geometry.Taps;
            context.Fuse(index, convolution with
            {
                Source = node.Output,
                Shape = node.Output.Shape,
                Weights = [.. convolution.Weights.Select((w, i) => (float)(w * rowFactors[i / taps]))],
                Bias = [.. convolution.Bias.Select((b, m) => (b * rowFactors[m]) + rowSummands[m])],
            });
            return index;
        }

        // A depthwise 1×1 convolution: per channel where the constant allows it, per element otherwise.
        Shape shape = node.Output.Shape;
        ConvolutionGeometry geometry = shape.Rank >= 2 ? Depthwise(shape[0], shape[1], shape.Count / (shape[0] * shape[1])) : Depthwise(1, shape.Count, 1);
        if (PerChannel(geometry, factors) is null || PerChannel(geometry, summands) is null)
            geometry = Depthwise(1, shape.Count, 1);
        return context.Append(new RealConvolution
        {
            Name = node.Name,
            Shape = shape,
            Source = node.Output,
            Input = index,
            Geometry = geometry,
            Weights = [.. PerChannel(geometry, factors)!.Select(f => (float)f)],
            Bias = PerChannel(geometry, summands)!,
        });
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

    private static void RequireUnbroadcast(Value secret, Shape shape)
    {
        if (secret.Shape.Count != shape.Count)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"'{secret.Name}' of shape {secret.Shape} is computed from the input and would be broadcast to {shape}.", "Expand it beforehand, for example with Concat.");
    }

    private static double[] Broadcast(Tensor constant, Shape shape)
    {
        // Adding zeros of the full shape broadcasts with the IR's own rules.
        Tensor zeros = Tensor.FromFloats(new TensorType(constant.Type.Element, shape), new float[shape.Count]);
        return [.. FloatInterpreter.Evaluate(new Binary(BinaryKind.Add), [zeros, constant]).Floats.ToArray()];
    }
}
