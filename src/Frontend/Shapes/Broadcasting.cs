using PrivateInference.IR;

namespace PrivateInference.Frontend.Shapes;

/// <summary>Repetition of known tensors.</summary>
internal static class Broadcasting
{
    /// <summary>The tensor repeated to a shape that it broadcasts to (NumPy rules).</summary>
    public static Tensor Expand(Tensor tensor, Shape shape)
    {
        if (tensor.Shape == shape)
            return tensor;
        TensorType type = tensor.Type.WithShape(shape);
        return type.IsFloat
            ? Tensor.FromFloats(type, Repeat(tensor.Floats, tensor.Shape, shape))
            : Tensor.FromIntegers(type, Repeat(tensor.Integers, tensor.Shape, shape));
    }

    private static T[] Repeat<T>(ReadOnlySpan<T> source, Shape from, Shape to)
    {
        T[] result = new T[to.Count];
        if (source.Length == 1)
            Array.Fill(result, source[0]);
        else if (result.Length > 0)
            CopyAxis(source, from, result, to, axis: 0);
        return result;
    }

    /// <summary>Fills one block of the result; a source axis of size one, or one that is missing, feeds every position.</summary>
    private static void CopyAxis<T>(ReadOnlySpan<T> source, Shape from, Span<T> result, Shape to, int axis)
    {
        if (axis == to.Rank)
        {
            result[0] = source[0];
            return;
        }

        int own = axis - (to.Rank - from.Rank), block = result.Length / to[axis];
        bool repeats = own < 0 || from[own] == 1;
        int part = repeats ? source.Length : source.Length / from[own];
        for (int i = 0; i < to[axis]; i++)
            CopyAxis(source.Slice(repeats ? 0 : i * part, part), from, result.Slice(i * block, block), to, axis + 1);
    }
}
