using PrivateInference.IR;

namespace PrivateInference.Frontend.Shapes;

/// <summary>Rearrangements of row-major data.</summary>
internal static class Blocks
{
    /// <summary>The number of blocks that the axes before <paramref name="axis"/> make.</summary>
    public static int Outer(Shape shape, int axis)
    {
        int outer = 1;
        for (int i = 0; i < axis; i++)
            outer *= shape[i];
        return outer;
    }

    /// <summary>Indices from the front for indices that may count from the end.</summary>
    /// <exception cref="GraphException">An index is out of range.</exception>
    public static int[] Positions(ReadOnlySpan<long> indices, int size)
    {
        int[] positions = new int[indices.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            long position = indices[i] < 0 ? indices[i] + size : indices[i];
            if (position < 0 || position >= size)
                throw new GraphException($"Index {indices[i]} is out of range for an axis of {size}.");
            positions[i] = (int)position;
        }

        return positions;
    }

    /// <summary>Element (i, j, …) of the result is the source's at start + i·strides[0] + j·strides[1] + ….</summary>
    public static T[] Strided<T>(ReadOnlySpan<T> source, Shape shape, int start, int[] strides)
    {
        T[] result = new T[shape.Count];
        if (result.Length == 0)
            return result;
        int last = shape.Rank - 1, run = last < 0 ? 1 : shape[last], runStride = last < 0 ? 0 : strides[last];
        int[] index = new int[shape.Rank];
        int position = start;
        for (Span<T> rest = result; !rest.IsEmpty; rest = rest[run..])
        {
            for (int i = 0; i < run; i++)
                rest[i] = source[position + (i * runStride)];
            for (int axis = last - 1; axis >= 0; axis--)
            {
                position += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                position -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return result;
    }

    public static T[] Gather<T>(ReadOnlySpan<T> source, int outer, int size, int[] positions)
    {
        int inner = outer * size == 0 ? 0 : source.Length / (outer * size);
        T[] result = new T[outer * positions.Length * inner];
        Span<T> rest = result;
        for (int block = 0; block < outer; block++)
        {
            foreach (int position in positions)
            {
                source.Slice(((block * size) + position) * inner, inner).CopyTo(rest);
                rest = rest[inner..];
            }
        }

        return result;
    }

    public static T[] Concat<T>(IReadOnlyList<T[]> sources, int outer)
    {
        T[] result = new T[sources.Sum(s => s.Length)];
        Span<T> rest = result;
        for (int block = 0; block < outer; block++)
        {
            foreach (T[] source in sources)
            {
                int inner = source.Length / outer;
                source.AsSpan(block * inner, inner).CopyTo(rest);
                rest = rest[inner..];
            }
        }

        return result;
    }
}
