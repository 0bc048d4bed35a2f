using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Schema;

/// <summary>Turns a sparse tensor into a dense one.</summary>
internal static class SparseDecoder
{
    /// <exception cref="ModelFormatException">Values, indices and shape contradict each other.</exception>
    /// <exception cref="ImportException">The dense tensor is too large, or of a type that is not handled.</exception>
    public static Tensor Decode(SparseTensorProto proto, ImportSession session)
    {
        if (proto.Indices is null)
            throw new ModelFormatException($"Sparse tensor '{proto.Values.Name}' has no indices.");
        Tensor values = TensorDecoder.Decode(proto.Values, session.ExternalData), indices = TensorDecoder.Decode(proto.Indices, session.ExternalData);
        try
        {
            Shape shape = new([.. proto.Dims.Select(d => checked((int)d))]);
            Operand.RequireRank(shape);
            session.Reserve(shape.Count);
            return Fill(values, Positions(indices, values.Shape.Count, shape), values.Type.WithShape(shape));
        }
        catch (Exception e) when (e is GraphException or OverflowException)
        {
            throw new ModelFormatException($"Sparse tensor '{proto.Values.Name}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>Indices are flat, or have one row of coordinates for each value.</summary>
    private static int[] Positions(Tensor indices, int count, Shape shape)
    {
        bool flat = indices.Shape.Rank == 1;
        if (indices.Shape.Count != (long)count * (flat ? 1 : shape.Rank))
            throw new GraphException($"{indices.Shape} indices do not fit {count} values.");
        int[] strides = flat ? [1] : shape.Strides(), sizes = flat ? [shape.Count] : [.. shape.Dimensions], positions = new int[count];
        for (int i = 0; i < count; i++)
        {
            for (int axis = 0; axis < strides.Length; axis++)
            {
                long index = indices.Integers[(i * strides.Length) + axis];
                if (index < 0 || index >= sizes[axis])
                    throw new GraphException($"Index {index} is out of range.");
                positions[i] += (int)index * strides[axis];
            }
        }

        return positions;
    }

    private static Tensor Fill(Tensor values, int[] positions, TensorType type) => type.IsFloat
        ? Tensor.FromFloats(type, Scatter(values.Floats, positions, type.Shape.Count))
        : Tensor.FromIntegers(type, Scatter(values.Integers, positions, type.Shape.Count));

    private static T[] Scatter<T>(ReadOnlySpan<T> values, int[] positions, int count)
    {
        T[] dense = new T[count];
        for (int i = 0; i < positions.Length; i++)
            dense[positions[i]] = values[i];
        return dense;
    }
}
