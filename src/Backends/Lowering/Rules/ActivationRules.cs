using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Activations and max pools. One of each in a row fuses into one step that pools first: activations are monotone, so the
/// result is the same and fewer elements are activated.
/// </summary>
internal static class ActivationRules
{
    public static int Activate(
        LoweringContext context, Node node, Activation activation, double lower = double.NegativeInfinity, double upper = double.PositiveInfinity)
    {
        int input = context.Carried(node);
        double unit = context.View(node.Inputs[0]).Factor;
        (lower, upper) = (lower / unit, upper / unit);
        if (context.Absorbable<RealNonLinear>(node.Inputs[0]) is { Activation: Activation.None } pool)
        {
            context.Fuse(input, pool with { Name = node.Name, Source = node.Output, Activation = activation, Lower = lower, Upper = upper });
            return input;
        }

        return context.Append(new RealNonLinear
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = input,
            Activation = activation,
            Lower = lower,
            Upper = upper,
        });
    }

    public static SecretView Clip(LoweringContext context, Node node, Clip clip) => (clip.Minimum, clip.Maximum) switch
    {
        (float.NegativeInfinity, float.PositiveInfinity) => context.Carried(node),
        (0, float.PositiveInfinity) => Activate(context, node, Activation.Relu),
        (_, float.PositiveInfinity) => PiecewiseRules.Bound(context, node, context.Secret(node.Inputs[0]), Bound(node, clip.Minimum), isMaximum: true),
        (float.NegativeInfinity, _) => PiecewiseRules.Bound(context, node, context.Secret(node.Inputs[0]), Bound(node, clip.Maximum), isMaximum: false),
        _ => Activate(context, node, Activation.Clip, clip.Minimum, clip.Maximum),
    };

    private static double[] Bound(Node node, float bound) => [.. Enumerable.Repeat((double)bound, node.Output.Shape.Count)];

    public static int MaxPool(LoweringContext context, Node node, MaxPool pool)
    {
        int input = context.Carried(node);
        PoolGeometry geometry = Windows.Pool(node.Inputs[0].Shape, node.Output.Shape, pool.Window);
        if (context.Absorbable<RealNonLinear>(node.Inputs[0]) is { Pool: null } activation)
        {
            context.Fuse(input, activation with { Shape = node.Output.Shape, Source = node.Output, Pool = geometry });
            return input;
        }

        return context.Append(new RealNonLinear
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = input,
            Activation = Activation.None,
            Pool = geometry,
        });
    }
}
