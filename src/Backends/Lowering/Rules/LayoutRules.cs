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
        Input = context.Secret(node.Inputs[0]),
    });

    public static int Transpose(LoweringContext context, Node node, Transpose transpose) => context.Append(new RealTranspose
    {
        Name = node.Name,
        Shape = node.Output.Shape,
        Source = node.Output,
        Input = context.Secret(node.Inputs[0]),
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
            Input = context.Secret(node.Inputs[0]),
            Pads = [.. pad.Pads],
            Value = pad.Value,
        });
    }

    public static int Concat(LoweringContext context, Node node, Concat concat)
    {
        if (node.Inputs.FirstOrDefault(v => !context.IsSecret(v)) is { } constant)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"'{constant.Name}' is a constant; concatenation takes values computed from the input.", "Pad the other operands and add the constant.");
        return context.Append(new RealConcat
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Operands = [.. node.Inputs.Select(context.Secret)],
            Axis = concat.Axis,
        });
    }

    public static int Slice(LoweringContext context, Node node, Slice slice)
        => Slice(context, node, [.. slice.Starts], [.. slice.Steps]);

    /// <summary>Evenly spaced constant positions are a slice.</summary>
    public static int Gather(LoweringContext context, Node node, Gather gather)
    {
        Value data = node.Inputs[0];
        int size = data.Shape[gather.Axis];
        long[] positions = [.. context.RequireConstant(node.Inputs[1], "list of positions").Integers.ToArray().Select(p => p < 0 ? p + size : p)];
        if (positions.Length == 0 || positions.Any(p => p < 0 || p >= size))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"The positions leave axis {gather.Axis} of {data.Shape}.");
        long step = positions.Length > 1 ? positions[1] - positions[0] : 1;
        if (step == 0 || positions.Where((p, i) => p != positions[0] + (i * step)).Any())
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "The gathered positions are not evenly spaced.", "Use slices and a concatenation.");
        int[] starts = new int[data.Shape.Rank], steps = new int[data.Shape.Rank], sizes = [.. data.Shape.Dimensions];
        Array.Fill(steps, 1);
        (starts[gather.Axis], steps[gather.Axis], sizes[gather.Axis]) = ((int)positions[0], (int)step, positions.Length);
        Shape sliced = new(sizes);
        int index = context.Append(new RealSlice
        {
            Name = node.Name,
            Shape = sliced,
            Source = node.Output,
            Input = context.Secret(data),
            Starts = [.. starts],
            Steps = [.. steps],
        });
        return sliced == node.Output.Shape
            ? index
            : context.Append(new RealReshape { Name = node.Name, Shape = node.Output.Shape, Source = node.Output, Input = index });
    }

    private static int Slice(LoweringContext context, Node node, ImmutableArray<int> starts, ImmutableArray<int> steps)
    {
        if (node.Output.Shape.Count == 0)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "The slice is empty.");
        return context.Append(new RealSlice
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = context.Secret(node.Inputs[0]),
            Starts = starts,
            Steps = steps,
        });
    }
}
