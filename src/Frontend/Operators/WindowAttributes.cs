using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>The window attributes that convolution and pooling share; <c>auto_pad</c> becomes explicit pads.</summary>
internal static class WindowAttributes
{
    private const int MaxPad = 1 << 16;

    /// <summary>About a thousand times what the largest layer of a known network needs.</summary>
    private const double MaxCoveredElements = 1L << 38;

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
        window = window with { Pads = Pads(context, window, input.Dimensions.AsSpan()[2..]) };
        RequireBounded(input, window);
        return window;
    }

    /// <exception cref="GraphException"><c>kernel_shape</c> is given and is not the weight's.</exception>
    public static void RequireKernel(ImportContext context, Shape weight)
    {
        if (context.Attributes.Ints("kernel_shape") is { } declared && !declared.SequenceEqual(weight.Dimensions.Skip(2).Select(k => (long)k)))
            throw new GraphException($"kernel_shape [{string.Join(", ", declared)}] does not match the weight {weight}.");
    }

    /// <summary>Refuses windows that would take unbounded time or memory: a few bytes of attributes may ask for years.</summary>
    /// <exception cref="GraphException">A pad, the padded input or the number of elements that windows cover is beyond the limits.</exception>
    public static void RequireBounded(Shape input, SpatialWindow window)
    {
        if (window.Pads.Any(p => p is < 0 or > MaxPad))
            throw new GraphException($"Pads {window.Pads} are not within 0 and {MaxPad}.");
        int[] padded = input.Dimensions.AsSpan().ToArray();
        double covered = (double)input[0] * input[1];
        for (int axis = 0; axis < window.Rank; axis++)
        {
            padded[axis + 2] = Shape.Dimension((long)padded[axis + 2] + window.PadBegin(axis) + window.PadEnd(axis));
            covered *= (double)window.OutputSize(axis, input[axis + 2], ceil: true) * window.Kernel[axis];
        }

        if (covered > MaxCoveredElements || new Shape(padded).Count < 0)
            throw new GraphException($"Windows of kernel {window.Kernel} over {input} with pads {window.Pads} cover more than {MaxCoveredElements:0} elements.");
    }

    /// <summary>A window over all of the spatial axes.</summary>
    /// <exception cref="GraphException">The input has no spatial axis.</exception>
    public static SpatialWindow Global(Shape input)
        => input.Rank > 2 ? SpatialWindow.Create(input.Dimensions.AsSpan()[2..]) : throw new GraphException($"{input} has no spatial axes.");

    /// <summary>Whether pads are derived such that the output has ⌈input / stride⌉ positions.</summary>
    public static bool IsSame(ImportContext context) => AutoPad(context) is "SAME_UPPER" or "SAME_LOWER";

    /// <summary>Whether of an odd number of pads the end gets more.</summary>
    public static bool IsSameUpper(ImportContext context) => AutoPad(context) is "SAME_UPPER";

    /// <summary>The pads that the node states itself.</summary>
    public static IntVector Given(ImportContext context, int rank)
        => AutoPad(context) is "VALID" ? IntVector.Repeat(0, 2 * rank) : Vector(context, "pads", 2 * rank, absent: 0);

    private static string AutoPad(ImportContext context) => context.Attributes.Text("auto_pad", "NOTSET");

    private static IntVector Pads(ImportContext context, SpatialWindow window, ReadOnlySpan<int> input) => AutoPad(context) switch
    {
        "NOTSET" or "" or "VALID" => Given(context, window.Rank),
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

    public static IntVector Vector(ImportContext context, string name, int count, int absent)
    {
        if (context.Attributes.Ints(name) is not { } values)
            return IntVector.Repeat(absent, count);
        return values.Length == count
            ? new IntVector([.. values.Select(v => checked((int)v))])
            : throw new GraphException($"Attribute '{name}' has {values.Length} values and needs {count}.");
    }
}
