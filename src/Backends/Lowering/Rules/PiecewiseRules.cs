using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Piecewise linear functions as exact combinations of one ReLU, hence of one sign decision an element. With n = x − ReLU(x),
/// the part below zero: a leaky ReLU is ReLU(x) + slope·n, |x| is ReLU(x) − n, max(x, y) is y + ReLU(x − y), min(x, y) is
/// x − ReLU(x − y). Where x itself is read next to its ReLU, it is truncated first, so that both have the activations' scale.
/// </summary>
internal static class PiecewiseRules
{
    public static int LeakyRelu(LoweringContext context, Node node, double alpha)
        => Sloped(context, node, [.. Enumerable.Repeat(alpha, node.Output.Shape.Count)]);

    public static int PRelu(LoweringContext context, Node node)
        => Sloped(context, node, Constants.Broadcast(context.RequireConstant(node.Inputs[1], "slope"), node.Output.Shape));

    public static int Absolute(LoweringContext context, Node node)
    {
        (int relu, int below) = Split(context, node, context.Carried(node));
        return Sum(context, node, relu, below, subtract: true);
    }

    public static SecretView ThresholdedRelu(LoweringContext context, Node node, double alpha) => alpha == 0
        ? ActivationRules.Activate(context, node, Activation.Relu)
        : throw new LoweringException(
            CompileDiagnosticCodes.UnsupportedOperation, $"The function jumps at {alpha}, which no combination of ReLUs does.", SecureRewrites.For(node.Operation));

    /// <summary>min(max(alpha·x + beta, 0), 1)</summary>
    public static int HardSigmoid(LoweringContext context, Node node, HardSigmoid function)
    {
        Shape shape = node.Output.Shape;
        int linear = context.Append(ArithmeticRules.Elementwise(
            $"{node.Name}.linear",
            Part(context, node),
            context.Secret(node.Inputs[0]),
            [.. Enumerable.Repeat((double)function.Alpha, shape.Count)],
            [.. Enumerable.Repeat((double)function.Beta, shape.Count)]));
        return context.Append(NonLinear(node, linear, Activation.Clip) with { Lower = 0, Upper = 1 });
    }

    /// <summary>x − clip(x, −λ, λ), which is the shrinkage where the bias is λ as well.</summary>
    public static int Shrink(LoweringContext context, Node node, Shrink shrink)
    {
        if (shrink.Bias != shrink.Lambda || shrink.Lambda < 0)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "The function jumps unless its bias equals its lambda.", SecureRewrites.For(node.Operation));
        int x = Truncate(context, node, context.Secret(node.Inputs[0]));
        int clipped = context.Append(NonLinear(node, x, Activation.Clip) with { Source = Part(context, node), Lower = -shrink.Lambda, Upper = shrink.Lambda });
        return Sum(context, node, x, clipped, subtract: true);
    }

    /// <summary>Maximum or minimum of two values computed from the input, or of one and a constant.</summary>
    public static int Extremum(LoweringContext context, Node node, bool isMaximum)
    {
        (Value left, Value right) = (node.Inputs[0], node.Inputs[1]);
        if (!context.IsSecret(left) || !context.IsSecret(right))
        {
            (Value secret, Value constant) = context.IsSecret(left) ? (left, right) : (right, left);
            ArithmeticRules.RequireUnbroadcast(secret, node.Output.Shape);
            return Bound(context, node, context.Secret(secret), Constants.Broadcast(context.RequireConstant(constant, "operand"), node.Output.Shape), isMaximum);
        }

        ArithmeticRules.RequireUnbroadcast(left, node.Output.Shape);
        ArithmeticRules.RequireUnbroadcast(right, node.Output.Shape);
        (int x, int y) = (context.Secret(left), context.Secret(right));
        int difference = context.Append(new RealAdd { Name = $"{node.Name}.difference", Shape = node.Output.Shape, Source = Part(context, node), Left = x, Right = y, Subtract = true });
        int relu = context.Append(NonLinear(node, difference, Activation.Relu) with { Source = Part(context, node) });
        return isMaximum ? Sum(context, node, y, relu) : Sum(context, node, x, relu, subtract: true);
    }

    /// <summary>max(x, c) = c + ReLU(x − c), and min(x, c) = c + n(x − c)</summary>
    public static int Bound(LoweringContext context, Node node, int x, double[] bound, bool isMaximum)
    {
        int difference = Shift(context, node, Part(context, node), x, [.. bound.Select(b => -b)]);
        int part = isMaximum
            ? context.Append(NonLinear(node, difference, Activation.Relu) with { Source = Part(context, node) })
            : Split(context, node, difference).Below;
        return Shift(context, node, node.Output, part, bound);
    }

    private static int Sloped(LoweringContext context, Node node, double[] slopes)
    {
        (int relu, int below) = Split(context, node, context.Carried(node));
        int sloped = context.Append(ArithmeticRules.Elementwise($"{node.Name}.slope", Part(context, node), below, slopes, new double[slopes.Length]) with { IsSlope = true });
        return Sum(context, node, relu, sloped);
    }

    private static (int Relu, int Below) Split(LoweringContext context, Node node, int x)
    {
        int truncated = Truncate(context, node, x);
        int relu = context.Append(NonLinear(node, truncated, Activation.Relu) with { Source = Part(context, node) });
        int below = context.Append(new RealAdd { Name = $"{node.Name}.below", Shape = node.Output.Shape, Source = Part(context, node), Left = truncated, Right = relu, Subtract = true });
        return (relu, below);
    }

    private static int Truncate(LoweringContext context, Node node, int x)
        => context.Append(NonLinear(node, x, Activation.None) with { Name = $"{node.Name}.truncate", Source = context[x].Source, SourceUnit = context[x].SourceUnit });

    private static RealNonLinear NonLinear(Node node, int input, Activation activation)
        => new() { Name = node.Name, Shape = node.Output.Shape, Source = node.Output, Input = input, Activation = activation };

    private static int Shift(LoweringContext context, Node node, Value source, int input, double[] constant)
        => context.Append(new RealAddConstant { Name = $"{node.Name}.bound", Shape = node.Output.Shape, Source = source, Input = input, Constant = constant });

    private static int Sum(LoweringContext context, Node node, int left, int right, bool subtract = false)
        => context.Append(new RealAdd { Name = $"{node.Name}.sum", Shape = node.Output.Shape, Source = node.Output, Left = left, Right = right, Subtract = subtract });

    /// <summary>A value that only leads to the node's, so that nothing was observed of it.</summary>
    private static Value Part(LoweringContext context, Node node) => new($"{node.Output.Name}/part{context.Count}", node.Output.Type);
}
