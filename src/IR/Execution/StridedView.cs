namespace PrivateInference.IR.Execution;

/// <summary>A rectangular region of a flat array: element i, j, … lies at Offset + i·Strides[0] + j·Strides[1] + ….</summary>
internal readonly record struct StridedView(int Offset, int[] Strides)
{
    /// <summary>A whole row-major tensor.</summary>
    public static StridedView Of(Shape shape) => new(0, shape.Strides());

    /// <summary>
    /// Copies a region of the given sizes. A source stride of 0 repeats elements, a negative one reads backwards.
    /// </summary>
    public static void Copy<T>(
        ReadOnlySpan<T> source, StridedView sourceView, Span<T> target, StridedView targetView, ReadOnlySpan<int> sizes)
    {
        if (!sizes.Contains(0))
            CopyFromAxis(0, source, sourceView, target, targetView, sizes);
    }

    private static void CopyFromAxis<T>(
        int axis, ReadOnlySpan<T> source, StridedView sourceView, Span<T> target, StridedView targetView, ReadOnlySpan<int> sizes)
    {
        if (axis == sizes.Length)
        {
            target[targetView.Offset] = source[sourceView.Offset];
            return;
        }

        int sourceStride = sourceView.Strides[axis], targetStride = targetView.Strides[axis];
        if (axis < sizes.Length - 1)
        {
            for (int i = 0; i < sizes[axis]; i++)
            {
                StridedView sourceSlice = sourceView with { Offset = sourceView.Offset + (i * sourceStride) };
                StridedView targetSlice = targetView with { Offset = targetView.Offset + (i * targetStride) };
                CopyFromAxis(axis + 1, source, sourceSlice, target, targetSlice, sizes);
            }
        }
        else if (sourceStride == 1 && targetStride == 1)
        {
            source.Slice(sourceView.Offset, sizes[axis]).CopyTo(target[targetView.Offset..]);
        }
        else
        {
            for (int i = 0; i < sizes[axis]; i++)
                target[targetView.Offset + (i * targetStride)] = source[sourceView.Offset + (i * sourceStride)];
        }
    }
}
