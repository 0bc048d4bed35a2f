using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>The window attributes that convolution and pooling share; <c>auto_pad</c> becomes explicit pads.</summary>
internal static class WindowAttributes
{
    /// <param name="context">The node.</param>
    /// <param name="input">The shape N×C×spatial of the input.</param>
    /// <param name="kernel">The kernel's size along each spatial axis.</param>
    /// <exception cref="GraphException">The attributes do not fit each other or the input.</exception>
    public static SpatialWindow Read(ImportContext context, Shape input, ReadOnlySpan<int> kernel)
    {
        int rank = kernel.Length;
        if (input.Rank != rank + 2)
            throw new GraphException($"A kernel of {rank} axes does not fit the input {input}.");
        SpatialWindow window = new(
            new IntVector(kernel),
            Vector(context, "strides", rank, absent: 1),
            Vector(context, "dilations", rank, absent: 1),
            IntVector.Repeat(0, 2 * rank));
        return window with { Pads = Pads(context, window, input.Dimensions.AsSpan()[2..]) };
    }

    /// <summary>A window over all of the spatial axes.</summary>
    /// <exception cref="GraphException">The input has no spatial axis.</exception>
    public static SpatialWindow Global(Shape input)
        => input.Rank > 2 ? SpatialWindow.Create(input.Dimensions.AsSpan()[2..]) : throw new GraphException($"{input} has no spatial axes.");

    /// <summary>Whether pads are derived such that the output has ⌈input / stride⌉ positions.</summary>
    public static bool IsSame(ImportContext context) => AutoPad(context) is "SAME_UPPER" or "SAME_LOWER";

    private static string AutoPad(ImportContext context) => context.Attributes.Text("auto_pad", "NOTSET");

    private static IntVector Pads(ImportContext context, SpatialWindow window, ReadOnlySpan<int> input) => AutoPad(context) switch
    {
        "NOTSET" or "" => Vector(context, "pads", 2 * window.Rank, absent: 0),
        "VALID" => IntVector.Repeat(0, 2 * window.Rank),
        "SAME_UPPER" => Same(window, input, extraAtEnd: true),
        "SAME_LOWER" => Same(window, input, extraAtEnd: false),
        var other => throw new GraphException($"auto_pad '{other}' has no meaning."),
    };

    private static IntVector Same(SpatialWindow window, ReadOnlySpan<int> input, bool extraAtEnd)
    {
        int[] pads = new int[2 * window.Rank];
        for (int axis = 0; axis < window.Rank; axis++)
        {
            int stride = window.Strides[axis];
            int positions = stride > 0 ? ((input[axis] - 1) / stride) + 1 : throw new GraphException($"Strides {window.Strides} have no meaning.");
            int total = Math.Max(checked(((positions - 1) * stride) + window.Extent(axis) - input[axis]), 0);
            pads[axis] = extraAtEnd ? total / 2 : total - (total / 2);
            pads[window.Rank + axis] = total - pads[axis];
        }

        return new IntVector(pads);
    }

    private static IntVector Vector(ImportContext context, string name, int count, int absent)
    {
        if (context.Attributes.Ints(name) is not { } values)
            return IntVector.Repeat(absent, count);
        return values.Length == count
            ? new IntVector([.. values.Select(v => checked((int)v))])
            : throw new GraphException($"Attribute '{name}' has {values.Length} values and needs {count}.");
    }
}
