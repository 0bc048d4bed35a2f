using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Transposed convolution, as the convolution that it is: the input with stride − 1 zeros after each element, convolved
/// with the mirrored kernel. Secure execution then needs nothing of its own for it.
/// </summary>
internal static class TransposedConvolution
{
    public static (string Name, OperatorImporter Importer)[] Operators => [("ConvTranspose", ConvTranspose)];

    private static void ConvTranspose(ImportContext context)
    {
        Operand input = context.Input(0), weight = context.Input(1);
        int groups = checked((int)context.Attributes.Int("group", absent: 1)), rank = weight.Shape.Rank - 2;
        if (rank < 1 || groups < 1 || weight.Shape[0] % groups != 0)
            throw new GraphException($"A weight of shape {weight.Shape} has no meaning in {groups} groups.");
        WindowAttributes.RequireKernel(context, weight.Shape);
        TransposedWindow window = TransposedWindow.Read(context, input.Shape, weight.Shape.Dimensions.AsSpan()[2..]);
        Operand spread = Cropped(context, Spread(context, input, window.Strides), window);
        SpatialWindow convolution = new(window.Kernel, IntVector.Repeat(1, rank), window.Dilations, new IntVector([.. window.Pads.Select(p => Math.Max(p, 0))]));
        WindowAttributes.RequireBounded(spread.Shape, convolution);
        Operand mirrored = Mirrored(context, weight, groups);
        Conv conv = new(convolution, groups);
        context.Result(conv, context.OptionalInput(2) is { } bias ? [spread, mirrored, bias] : [spread, mirrored]);
    }

    /// <summary>Each spatial axis of n elements becomes one of n·stride, every element followed by zeros.</summary>
    private static Operand Spread(ImportContext context, Operand input, IntVector strides)
    {
        if (strides.All(1))
            return input;
        Shape shape = input.Shape;
        List<int> split = [shape[0], shape[1]], ends = [0, 0], joined = [shape[0], shape[1]];
        for (int axis = 0; axis < strides.Count; axis++)
        {
            split.AddRange([shape[axis + 2], 1]);
            ends.AddRange([0, strides[axis] - 1]);
            joined.Add(checked(shape[axis + 2] * strides[axis]));
        }

        Operand elements = context.Step("elements", new Reshape(new Shape([.. split])), input);
        Operand padded = context.Step("zeros", new Pad(new IntVector([.. new int[split.Count], .. ends])), elements);
        return context.Step("spread", new Reshape(new Shape([.. joined])), padded);
    }

    /// <summary>Negative pads of the convolution remove elements.</summary>
    private static Operand Cropped(ImportContext context, Operand spread, TransposedWindow window)
    {
        int rank = window.Kernel.Count;
        if (window.Pads.All(pad => pad >= 0))
            return spread;
        int[] starts = new int[rank + 2], sizes = [.. spread.Shape.Dimensions];
        for (int axis = 0; axis < rank; axis++)
        {
            starts[axis + 2] = Math.Max(-window.Pads[axis], 0);
            sizes[axis + 2] -= starts[axis + 2] + Math.Max(-window.Pads[rank + axis], 0);
        }

        return context.Step("cropped", new Slice(new IntVector(starts), new IntVector(sizes), IntVector.Repeat(1, rank + 2)), spread);
    }

    /// <summary>W[C, M/groups, kernel…] to W[M, C/groups, kernel…] with the kernel read backwards.</summary>
    private static Operand Mirrored(ImportContext context, Operand weight, int groups)
    {
        Shape shape = weight.Shape;
        int rank = shape.Rank;
        ReadOnlySpan<int> kernel = shape.Dimensions.AsSpan()[2..];
        Operand grouped = context.Step("groups", new Reshape(new Shape([groups, shape[0] / groups, shape[1], .. kernel])), weight);
        Operand swapped = context.Step("swapped", new Transpose(new IntVector([0, 2, 1, .. Enumerable.Range(3, rank - 2)])), grouped);
        Operand filters = context.Step("filters", new Reshape(new Shape([checked(groups * shape[1]), shape[0] / groups, .. kernel])), swapped);
        int[] starts = new int[rank], steps = new int[rank];
        for (int axis = 0; axis < rank; axis++)
            (starts[axis], steps[axis]) = axis < 2 ? (0, 1) : (shape[axis] - 1, -1);
        return context.Step("mirrored", new Slice(new IntVector(starts), filters.Shape.Dimensions, new IntVector(steps)), filters);
    }
}
