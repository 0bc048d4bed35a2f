using System.Numerics;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>The positions of maxima over windows, found one window at a time.</summary>
internal static class MaxPoolIndexKernels
{
    public static Tensor Evaluate(MaxPoolIndices op, Tensor x, TensorType type)
        => Tensor.FromIntegers(type, x.Type.IsFloat ? Indices(op, x.Floats, x.Shape, type.Shape) : Indices(op, x.Integers, x.Shape, type.Shape));

    private static long[] Indices<T>(MaxPoolIndices op, ReadOnlySpan<T> x, Shape input, Shape output)
        where T : INumber<T>
    {
        ReadOnlySpan<int> sizes = input.Dimensions.AsSpan()[2..], positions = output.Dimensions.AsSpan()[2..];
        int plane = new Shape(sizes).Count, windows = new Shape(positions).Count;
        int[] rowMajor = new Shape(sizes).Strides(), counted = op.ColumnMajor ? ColumnStrides(sizes) : rowMajor;
        long[] result = new long[output.Count];
        int[] window = new int[positions.Length], tap = new int[positions.Length];
        for (int i = 0; i < result.Length; i++)
        {
            Unravel(i % windows, positions, window);
            int start = i / windows * plane, best = -1;
            for (int k = 0; k < new Shape(op.Window.Kernel.AsSpan()).Count; k++)
            {
                Unravel(k, op.Window.Kernel.AsSpan(), tap);
                if (!TryOffset(op.Window, window, tap, sizes, rowMajor, out int offset) || (best >= 0 && !(x[start + offset] > x[start + best])))
                    continue;
                best = offset;
                TryOffset(op.Window, window, tap, sizes, counted, out int index);
                result[i] = start + index;
            }
        }

        return result;
    }

    /// <summary>The offset of a tap's element within its plane; false in the padding.</summary>
    private static bool TryOffset(SpatialWindow window, int[] position, int[] tap, ReadOnlySpan<int> sizes, int[] strides, out int offset)
    {
        offset = 0;
        for (int axis = 0; axis < tap.Length; axis++)
        {
            int at = (position[axis] * window.Strides[axis]) + (tap[axis] * window.Dilations[axis]) - window.PadBegin(axis);
            if (at < 0 || at >= sizes[axis])
                return false;
            offset += at * strides[axis];
        }

        return true;
    }

    private static void Unravel(int flat, ReadOnlySpan<int> sizes, int[] index)
    {
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
            (flat, index[axis]) = Math.DivRem(flat, sizes[axis]);
    }

    private static int[] ColumnStrides(ReadOnlySpan<int> sizes)
    {
        int[] strides = new int[sizes.Length];
        for (int axis = 0, stride = 1; axis < sizes.Length; axis++)
        {
            strides[axis] = stride;
            stride *= sizes[axis];
        }

        return strides;
    }
}
