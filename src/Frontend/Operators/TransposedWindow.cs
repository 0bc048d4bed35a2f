using PrivateInference.Frontend.Importing;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// The geometry of a transposed convolution. <see cref="Pads"/> are those of the convolution over the input spread by the
/// strides, begins and then ends; negative ones crop.
/// </summary>
internal sealed record TransposedWindow(IntVector Kernel, IntVector Strides, IntVector Dilations, IntVector Pads)
{
    /// <exception cref="GraphException">The attributes do not fit each other or the input.</exception>
    public static TransposedWindow Read(ImportContext context, Shape input, ReadOnlySpan<int> kernel)
    {
        int rank = kernel.Length;
        if (input.Rank != rank + 2)
            throw new GraphException($"A kernel of {rank} axes does not fit the input {input}.");
        IntVector strides = WindowAttributes.Vector(context, "strides", rank, absent: 1), dilations = WindowAttributes.Vector(context, "dilations", rank, absent: 1);
        IntVector extra = WindowAttributes.Vector(context, "output_padding", rank, absent: 0);
        int[] pads = new int[2 * rank];
        IntVector? given = WindowAttributes.IsSame(context) || context.Attributes.Has("output_shape") ? null : WindowAttributes.Given(context, rank);
        for (int axis = 0; axis < rank; axis++)
        {
            int stride = strides[axis];
            if (stride < 1 || dilations[axis] < 1 || kernel[axis] < 1 || extra[axis] < 0)
                throw new GraphException($"A window of kernel {kernel[axis]}, stride {stride}, dilation {dilations[axis]}, output padding {extra[axis]} has no meaning.");
            int extent = checked(((kernel[axis] - 1) * dilations[axis]) + 1);
            (int begin, int end) = given is { } explicitPads
                ? (explicitPads[axis], explicitPads[rank + axis])
                : Derived(context, axis, rank, checked(((input[axis + 2] - 1) * stride) + extent + extra[axis]), checked(input[axis + 2] * stride));

            // The spread input ends with stride − 1 zeros already.
            pads[axis] = checked(extent - 1 - begin);
            pads[rank + axis] = checked(extent - 1 - end + extra[axis] - (stride - 1));
        }

        return new TransposedWindow(new IntVector(kernel), strides, dilations, new IntVector(pads));
    }

    /// <summary>What to cut from the full size to reach the wanted one; where that is larger, the end grows.</summary>
    private static (int Begin, int End) Derived(ImportContext context, int axis, int rank, int fullSize, int sameSize)
    {
        int wanted = sameSize;
        if (context.Attributes.Ints("output_shape") is { } shape)
        {
            if (shape.Length != rank && shape.Length != rank + 2)
                throw new GraphException($"output_shape has {shape.Length} values and needs {rank}.");
            wanted = checked((int)shape[^(rank - axis)]);
        }

        int total = checked(fullSize - wanted);
        if (total < 0)
            return (0, total);
        int half = total / 2;
        return WindowAttributes.IsSameUpper(context) ? (half, total - half) : (total - half, half);
    }
}
