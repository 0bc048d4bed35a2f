using System.Globalization;

namespace PrivateInference.IR;

/// <summary>A static tensor shape: every dimension is known and non-negative. A scalar has rank 0.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>No tensor of a model may have more elements than this; hostile shapes end here.</summary>
    public const int MaxElements = 1 << 30;

    private readonly IntVector _dimensions;
    private readonly int _count;

    /// <exception cref="GraphException">A dimension is negative, or the element count exceeds <see cref="MaxElements"/>.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 0)
                throw new GraphException($"A dimension is negative: {dimension}.");
            count *= dimension;
            if (count > MaxElements)
                throw new GraphException($"A tensor of {string.Join('x', dimensions.ToArray())} has more than {MaxElements} elements.");
        }

        _dimensions = new IntVector(dimensions);
        _count = (int)count;
    }

    public static Shape Scalar { get; } = new([]);

    public int Rank => _dimensions.Count;

    /// <summary>The number of elements, 1 for a scalar.</summary>
    public int Count => _dimensions.Count == 0 ? 1 : _count;

    public IntVector Dimensions => _dimensions;

    public int this[int axis] => _dimensions[axis];

    /// <summary>Row-major strides, in elements.</summary>
    public int[] Strides()
    {
        int[] strides = new int[Rank];
        int stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= _dimensions[axis];
        }

        return strides;
    }

    /// <summary>Turns a possibly negative axis into an index.</summary>
    /// <exception cref="GraphException">The axis is out of range.</exception>
    public int NormalizeAxis(int axis)
    {
        int index = axis < 0 ? axis + Rank : axis;
        if (index < 0 || index >= Rank)
            throw new GraphException($"Axis {axis} is out of range for a tensor of shape {this}.");
        return index;
    }

    /// <summary>The shape that both operands broadcast to (NumPy rules).</summary>
    /// <exception cref="GraphException">The shapes do not broadcast.</exception>
    public static Shape Broadcast(Shape left, Shape right)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        int[] result = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int l = i < rank - left.Rank ? 1 : left[i - (rank - left.Rank)];
            int r = i < rank - right.Rank ? 1 : right[i - (rank - right.Rank)];
            if (l != r && l != 1 && r != 1)
                throw new GraphException($"Shapes {left} and {right} do not broadcast.");
            result[i] = l == 1 ? r : l;
        }

        return new Shape(result);
    }

    /// <summary>A computed size as a dimension.</summary>
    /// <exception cref="GraphException">It is negative or does not fit.</exception>
    public static int Dimension(long size)
        => size is >= 0 and <= int.MaxValue ? (int)size : throw new GraphException($"A dimension is out of range: {size}.");

    public bool Equals(Shape other) => _dimensions.Equals(other._dimensions);

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode() => _dimensions.GetHashCode();

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary><c>1x32x28x28</c>; <c>scalar</c> for rank 0.</summary>
    public override string ToString()
        => Rank == 0 ? "scalar" : string.Join('x', _dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)));
}
