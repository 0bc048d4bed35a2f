using Google.Protobuf;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Turns tensors and types into their ONNX form; elements are little-endian bytes.</summary>
internal static class TensorEncoder
{
    public static DataType DataTypeOf(ElementType element) => element switch
    {
        ElementType.Float32 => DataType.Float,
        ElementType.Float64 => DataType.Double,
        ElementType.Int64 => DataType.Int64,
        ElementType.Int32 => DataType.Int32,
        ElementType.Int16 => DataType.Int16,
        ElementType.Int8 => DataType.Int8,
        ElementType.UInt8 => DataType.Uint8,
        ElementType.UInt16 => DataType.Uint16,
        ElementType.UInt32 => DataType.Uint32,
        ElementType.UInt64 => DataType.Uint64,
        ElementType.Int4 => DataType.Int4,
        ElementType.UInt4 => DataType.Uint4,
        ElementType.Bool => DataType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, message: null),
    };

    /// <summary>The bytes that a tensor's elements take in the file.</summary>
    public static long SizeOf(TensorType type) => TensorDecoder.Format((int)DataTypeOf(type.Element))!.ByteCount(type.Shape);

    public static TensorProto Encode(string name, Tensor tensor)
    {
        DataType type = DataTypeOf(tensor.Type.Element);
        TensorProto proto = new() { Name = name, DataType = (int)type };
        proto.Dims.Add(tensor.Shape.Dimensions.Select(d => (long)d));
        proto.RawData = UnsafeByteOperations.UnsafeWrap(type is DataType.Int4 or DataType.Uint4 ? Packed(tensor.Integers) : LittleEndian(tensor, type));
        return proto;
    }

    /// <param name="value">An input or output of the graph.</param>
    /// <param name="openBatch">Whether the first dimension has a name instead of a size.</param>
    public static ValueInfoProto Describe(Value value, bool openBatch)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(value.Shape.Dimensions.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        if (openBatch && value.Shape.Rank > 0)
            shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "batch" };
        TypeProto.Types.Tensor type = new() { ElemType = (int)DataTypeOf(value.Type.Element), Shape = shape };
        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = type } };
    }

    private static byte[] LittleEndian(Tensor tensor, DataType type)
    {
        byte[] bytes = ElementBytes.Of(tensor, (int)type);
        int size = TensorDecoder.Format((int)type)!.Size;
        for (int start = 0; !BitConverter.IsLittleEndian && start < bytes.Length; start += size)
            bytes.AsSpan(start, size).Reverse();
        return bytes;
    }

    /// <summary>Two numbers of four bits a byte, the first one in its lower half.</summary>
    private static byte[] Packed(ReadOnlySpan<long> elements)
    {
        byte[] bytes = new byte[(elements.Length + 1) / 2];
        for (int i = 0; i < elements.Length; i++)
            bytes[i / 2] |= (byte)((elements[i] & 15) << (4 * (i % 2)));
        return bytes;
    }
}
