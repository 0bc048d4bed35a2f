using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Operations that move elements.</summary>
internal static class LayoutRules
{
    public static int Reshape(LoweringContext context, Node node) => context.Append(new RealReshape
    {
        Name = node.Name,
        Shape = node.Output.Shape,
        Source = node.Output,
        Input = context.Carried(node),
    });

    public static int Transpose(LoweringContext context, Node node, Transpose transpose) => context.Append(new RealTranspose
    {
        Name = node.Name,
        Shape = node.Output.Shape,
        Source = node.Output,
        Input = context.Carried(node),
        Permutation = [.. transpose.Permutation],
    });

    public static int Pad(LoweringContext context, Node node, Pad pad)
    {
        if (!float.IsFinite(pad.Value))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"Padding with {pad.Value} has no fixed-point encoding.", "Let the pool pad.");
        return context.Append(new RealPad
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = context.Carried(node),
            Pads = [.. pad.Pads],
            Value = pad.Value,
        });
    }

    public static SecretView Concat(LoweringContext context, Node node, Concat concat)
    {
        if (node.Inputs.FirstOrDefault(v => !context.IsSecret(v)) is { } constant)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"'{constant.Name}' is a constant; concatenation takes values computed from the input.", "Pad the other operands and add the constant.");
        ImmutableArray<SecretView> views = [.. node.Inputs.Select(context.View)];
        SecretView first = views[0];
        if (!views.All(v => v.HasFactorOf(first) && v.Offset == first.Offset))
            (views, first) = ([.. node.Inputs.Select(v => (SecretView)context.Secret(v))], 0);
        int index = context.Append(new RealConcat
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Operands = [.. views.Select(v => v.Index)],
            Axis = concat.Axis,
        });
        return first with { Index = index };
    }

    public static int Slice(LoweringContext context, Node node, Slice slice)
        => Slice(context, node, [.. slice.Starts], [.. slice.Steps]);

    private static int Slice(LoweringContext context, Node node, ImmutableArray<int> starts, ImmutableArray<int> steps)
    {
        if (node.Output.Shape.Count == 0)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "The slice is empty.");
        return context.Append(new RealSlice
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = context.Carried(node),
            Starts = starts,
            Steps = steps,
        });
    }
}
