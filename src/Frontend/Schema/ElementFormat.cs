using System.Buffers.Binary;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Schema;

/// <summary>How an element is stored in little-endian bytes, and what it becomes in a <see cref="Tensor"/>.</summary>
internal sealed class ElementFormat
{
    private readonly FloatReader? _readFloat;
    private readonly IntegerReader? _readInteger;

    private ElementFormat(ElementType type, int size, FloatReader? readFloat, IntegerReader? readInteger, bool isPacked = false)
    {
        IsPacked = isPacked;
        Type = type;
        Size = size;
        _readFloat = readFloat;
        _readInteger = readInteger;
    }

    private delegate float FloatReader(ReadOnlySpan<byte> bytes);

    private delegate long IntegerReader(ReadOnlySpan<byte> bytes);

    public static ElementFormat Float32 { get; } = new(ElementType.Float32, 4, BinaryPrimitives.ReadSingleLittleEndian, null);

    public static ElementFormat Float64 { get; } = new(ElementType.Float64, 8, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b), null);

    public static ElementFormat Float16 { get; } = new(ElementType.Float32, 2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b), null);

    public static ElementFormat BFloat16 { get; } = new(ElementType.Float32, 2, b => FromBFloat16(BinaryPrimitives.ReadUInt16LittleEndian(b)), null);

    public static ElementFormat Int64 { get; } = new(ElementType.Int64, 8, null, BinaryPrimitives.ReadInt64LittleEndian);

    public static ElementFormat Int32 { get; } = new(ElementType.Int32, 4, null, b => BinaryPrimitives.ReadInt32LittleEndian(b));

    public static ElementFormat Int16 { get; } = new(ElementType.Int16, 2, null, b => BinaryPrimitives.ReadInt16LittleEndian(b));

    public static ElementFormat UInt16 { get; } = new(ElementType.UInt16, 2, null, b => BinaryPrimitives.ReadUInt16LittleEndian(b));

    public static ElementFormat UInt32 { get; } = new(ElementType.UInt32, 4, null, b => BinaryPrimitives.ReadUInt32LittleEndian(b));

    public static ElementFormat Int8 { get; } = new(ElementType.Int8, 1, null, b => (sbyte)b[0]);

    public static ElementFormat UInt8 { get; } = new(ElementType.UInt8, 1, null, b => b[0]);

    public static ElementFormat UInt64 { get; } = new(ElementType.UInt64, 8, null, b => FromUInt64(BinaryPrimitives.ReadUInt64LittleEndian(b)));

    public static ElementFormat Int4 { get; } = new(ElementType.Int4, 1, null, b => (sbyte)(b[0] << 4) >> 4, isPacked: true);

    public static ElementFormat UInt4 { get; } = new(ElementType.UInt4, 1, null, b => b[0], isPacked: true);

    public static ElementFormat Bool { get; } = new(ElementType.Bool, 1, null, b => b[0] == 0 ? 0 : 1);

    /// <summary>The element type of the tensor that the bytes become; half-precision floats widen to 32 bits.</summary>
    public ElementType Type { get; }

    /// <summary>Bytes an element takes in the file, unless two share one.</summary>
    public int Size { get; }

    /// <summary>Whether elements of four bits share a byte, the first one in its lower half.</summary>
    public bool IsPacked { get; }

    /// <summary>A bfloat16 is the upper half of a 32-bit float.</summary>
    public static float FromBFloat16(int bits) => BitConverter.Int32BitsToSingle(bits << 16);

    /// <exception cref="GraphException">The number needs all 64 bits, and a <see cref="Tensor"/> holds 63.</exception>
    public static long FromUInt64(ulong number)
        => number <= long.MaxValue ? (long)number : throw new GraphException($"Its element {number} exceeds 63 bits.");

    /// <summary>Bytes that a tensor's elements take.</summary>
    public long ByteCount(Shape shape) => IsPacked ? (shape.Count + 1L) / 2 : (long)shape.Count * Size;

    /// <summary>Reads exactly <paramref name="shape"/>.Count elements.</summary>
    /// <exception cref="GraphException">The number of bytes does not fit the shape.</exception>
    public Tensor Read(Shape shape, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount(shape))
            throw new GraphException($"{shape.Count} elements in {ByteCount(shape)} bytes were declared and there are {bytes.Length} bytes.");
        if (IsPacked)
            bytes = Unpack(bytes, shape.Count);
        TensorType type = new(Type, shape);
        return _readFloat is not null
            ? Tensor.FromFloats(type, ReadFloats(bytes, shape.Count))
            : Tensor.FromIntegers(type, ReadIntegers(bytes, shape.Count));
    }

    private static byte[] Unpack(ReadOnlySpan<byte> pairs, int count)
    {
        byte[] result = new byte[count];
        for (int i = 0; i < count; i++)
            result[i] = (byte)((pairs[i / 2] >> (4 * (i % 2))) & 15);
        return result;
    }

    private float[] ReadFloats(ReadOnlySpan<byte> bytes, int count)
    {
        float[] result = new float[count];
        for (int i = 0; i < count; i++)
            result[i] = _readFloat!(bytes[(i * Size)..]);
        return result;
    }

    private long[] ReadIntegers(ReadOnlySpan<byte> bytes, int count)
    {
        long[] result = new long[count];
        for (int i = 0; i < count; i++)
            result[i] = _readInteger!(bytes[(i * Size)..]);
        return result;
    }
}
