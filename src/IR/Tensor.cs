using System.Runtime.InteropServices;

namespace PrivateInference.IR;

/// <summary>
/// An immutable dense tensor, row-major. Floating point elements are held as <see cref="float"/>,
/// integer and boolean elements as <see cref="long"/>.
/// </summary>
public sealed class Tensor
{
    private readonly float[]? _floats;
    private readonly long[]? _integers;

    private Tensor(TensorType type, float[]? floats, long[]? integers)
    {
        int length = floats?.Length ?? integers!.Length;
        if (length != type.Shape.Count)
            throw new GraphException($"A tensor of type {type} needs {type.Shape.Count} elements and has {length}.");
        Type = type;
        _floats = floats;
        _integers = integers;
    }

    public TensorType Type { get; }

    public Shape Shape => Type.Shape;

    /// <summary>The elements of a floating point tensor.</summary>
    /// <exception cref="GraphException">The tensor holds integers.</exception>
    public ReadOnlySpan<float> Floats => _floats ?? throw new GraphException($"A tensor of type {Type} does not hold floats.");

    /// <summary>The elements of an integer or boolean tensor.</summary>
    /// <exception cref="GraphException">The tensor holds floats.</exception>
    public ReadOnlySpan<long> Integers => _integers ?? throw new GraphException($"A tensor of type {Type} does not hold integers.");

    /// <summary>Takes ownership of <paramref name="data"/>.</summary>
    public static Tensor FromFloats(Shape shape, float[] data) => new(new TensorType(ElementType.Float32, shape), data, null);

    /// <summary>Takes ownership of <paramref name="data"/>.</summary>
    public static Tensor FromFloats(TensorType type, float[] data)
        => type.IsFloat ? new(type, data, null) : throw new GraphException($"Type {type} does not hold floats.");

    /// <summary>Takes ownership of <paramref name="data"/>.</summary>
    public static Tensor FromIntegers(TensorType type, long[] data)
        => type.IsFloat ? throw new GraphException($"Type {type} does not hold integers.") : new(type, null, data);

    public static Tensor FromInt64(params long[] data)
        => new(new TensorType(ElementType.Int64, new Shape(data.Length)), null, data);

    public static Tensor Scalar(float value) => FromFloats(Shape.Scalar, [value]);

    /// <summary>The same elements under another shape; shares the data.</summary>
    public Tensor Reshape(Shape shape) => new(Type.WithShape(shape), _floats, _integers);

    /// <summary>Whether type and elements are the same, bit for bit: 0 differs from −0, and a NaN equals itself.</summary>
    public bool ContentEquals(Tensor other) => Type == other.Type && Bytes.SequenceEqual(other.Bytes);

    /// <summary>A hash that agrees with <see cref="ContentEquals"/>.</summary>
    public int ContentHash()
    {
        HashCode hash = default;
        hash.Add(Type);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    private ReadOnlySpan<byte> Bytes
        => _floats != null ? MemoryMarshal.AsBytes<float>(_floats) : MemoryMarshal.AsBytes<long>(_integers);
}
