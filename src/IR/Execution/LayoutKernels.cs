using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Operations that move elements without computing: each is one strided copy per input.</summary>
internal static class LayoutKernels
{
    public static Tensor Transpose(Transpose op, Tensor x, TensorType type)
    {
        int[] strides = x.Shape.Strides();
        return CopyRegion(x, new StridedView(0, [.. op.Permutation.Select(axis => strides[axis])]), type);
    }

    public static Tensor Slice(Slice op, Tensor x, TensorType type)
    {
        int[] strides = x.Shape.Strides();
        return CopyRegion(x, new StridedView(Dot(op.Starts, strides), [.. strides.Zip(op.Steps, (s, step) => s * step)]), type);
    }

    public static Tensor Pad(Pad op, Tensor x, TensorType type)
    {
        TensorBuffer result = new(type);
        result.Fill(op.Value);
        int[] strides = type.Shape.Strides();
        result.Copy(x, StridedView.Of(x.Shape), new StridedView(Dot(op.Pads, strides), strides), x.Shape.Dimensions.AsSpan());
        return result.ToTensor();
    }

    public static Tensor Concat(Concat op, IReadOnlyList<Tensor> inputs, TensorType type)
    {
        TensorBuffer result = new(type);
        StridedView target = StridedView.Of(type.Shape);
        foreach (Tensor input in inputs)
        {
            result.Copy(input, StridedView.Of(input.Shape), target, input.Shape.Dimensions.AsSpan());
            target = target with { Offset = target.Offset + (input.Shape[op.Axis] * target.Strides[op.Axis]) };
        }

        return result.ToTensor();
    }

    /// <exception cref="GraphException">An index is out of range; negative ones count from the end.</exception>
    public static Tensor Gather(Gather op, Tensor x, Tensor indices, TensorType type)
    {
        ReadOnlySpan<int> dimensions = x.Shape.Dimensions.AsSpan();
        int extent = dimensions[op.Axis];
        int outer = new Shape(dimensions[..op.Axis]).Count, inner = new Shape(dimensions[(op.Axis + 1)..]).Count;
        TensorBuffer result = new(type);
        int[] fromStrides = [extent * inner, 1], toStrides = [indices.Shape.Count * inner, 1];
        for (int i = 0; i < indices.Shape.Count; i++)
        {
            long index = indices.Integers[i];
            if (index < -extent || index >= extent)
                throw new GraphException($"Index {index} is out of range for an axis of {extent}.");
            int position = (int)(index < 0 ? index + extent : index);
            result.Copy(x, new StridedView(position * inner, fromStrides), new StridedView(i * inner, toStrides), [outer, inner]);
        }

        return result.ToTensor();
    }

    /// <summary>The tensor repeated to a shape that it broadcasts to (NumPy rules).</summary>
    public static Tensor Broadcast(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        int[] strides = x.Shape.Strides(), repeated = new int[shape.Rank];
        int missing = shape.Rank - x.Shape.Rank;
        for (int axis = 0; axis < x.Shape.Rank; axis++)
            repeated[missing + axis] = x.Shape[axis] == 1 ? 0 : strides[axis];
        return CopyRegion(x, new StridedView(0, repeated), x.Type.WithShape(shape));
    }

    private static Tensor CopyRegion(Tensor x, StridedView from, TensorType type)
    {
        TensorBuffer result = new(type);
        result.Copy(x, from, StridedView.Of(type.Shape), type.Shape.Dimensions.AsSpan());
        return result.ToTensor();
    }

    /// <summary>The flat offset of a position, given by the leading entries of <paramref name="position"/>.</summary>
    private static int Dot(IntVector position, int[] strides)
    {
        int offset = 0;
        for (int axis = 0; axis < strides.Length; axis++)
            offset += position[axis] * strides[axis];
        return offset;
    }
}
