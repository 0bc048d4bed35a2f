namespace PrivateInference.Runtime.Numerics;

/// <summary>Steps that move elements and leave them as they are (or shift them left). Shapes are row-major.</summary>
public static class RingLayout
{
    /// <summary>Axis i of the output is axis permutation[i] of the input.</summary>
    public static void Transpose(
        ReadOnlySpan<int> inputShape, ReadOnlySpan<int> permutation, ReadOnlySpan<ulong> input, Span<ulong> output)
    {
        int[] inputStrides = Strides(inputShape), sizes = new int[permutation.Length], strides = new int[permutation.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
            (sizes[axis], strides[axis]) = (inputShape[permutation[axis]], inputStrides[permutation[axis]]);
        Copy(sizes, 0, input, strides, output, Strides(sizes));
    }

    /// <summary>Along axis i the elements starts[i], starts[i] + steps[i], …, as many as the output has; steps may be negative.</summary>
    public static void Slice(
        ReadOnlySpan<int> inputShape, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, ReadOnlySpan<int> outputShape,
        ReadOnlySpan<ulong> input, Span<ulong> output)
    {
        int[] strides = Strides(inputShape);
        int offset = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            offset += starts[axis] * strides[axis];
            strides[axis] *= steps[axis];
        }

        Copy(outputShape, 0, input, strides, output, Strides(outputShape), offset);
    }

    /// <summary>The input with <paramref name="value"/> around it; pads hold all begins, then all ends.</summary>
    public static void Pad(
        ReadOnlySpan<int> inputShape, ReadOnlySpan<int> pads, ReadOnlySpan<int> outputShape, ulong value,
        ReadOnlySpan<ulong> input, Span<ulong> output)
    {
        output.Fill(value);
        int[] strides = Strides(outputShape);
        int offset = 0;
        for (int axis = 0; axis < strides.Length; axis++)
            offset += pads[axis] * strides[axis];
        Copy(inputShape, 0, input, Strides(inputShape), output[offset..], strides);
    }

    /// <summary>Places one operand, shifted left, at <paramref name="start"/> along the axis of the output; returns where the next begins.</summary>
    public static int ConcatOperand(
        ReadOnlySpan<int> operandShape, int axis, int start, int shift, ReadOnlySpan<int> outputShape,
        ReadOnlySpan<ulong> operand, Span<ulong> output)
    {
        int[] strides = Strides(outputShape);
        Copy(operandShape, shift, operand, Strides(operandShape), output[(start * strides[axis])..], strides);
        return start + operandShape[axis];
    }

    /// <summary>Row-major strides, in elements.</summary>
    public static int[] Strides(ReadOnlySpan<int> shape)
    {
        int[] strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    private static void Copy(
        ReadOnlySpan<int> sizes, int shift, ReadOnlySpan<ulong> source, ReadOnlySpan<int> sourceStrides,
        Span<ulong> target, ReadOnlySpan<int> targetStrides, int sourceOffset = 0)
    {
        if (sizes.Length == 0)
        {
            target[0] = source[sourceOffset] << shift;
            return;
        }

        for (int i = 0; i < sizes[0]; i++)
        {
            if (sizes.Length == 1)
                target[i * targetStrides[0]] = source[sourceOffset + (i * sourceStrides[0])] << shift;
            else
                Copy(sizes[1..], shift, source, sourceStrides[1..], target[(i * targetStrides[0])..], targetStrides[1..], sourceOffset + (i * sourceStrides[0]));
        }
    }
}
