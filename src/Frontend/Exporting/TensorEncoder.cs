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
        ElementType.Bool => DataType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, message: null),
    };

    /// <summary>The bytes that a tensor's elements take in the file.</summary>
    public static long SizeOf(TensorType type) => (long)type.Shape.Count * TensorDecoder.Format((int)DataTypeOf(type.Element))!.Size;

    public static TensorProto Encode(string name, Tensor tensor)
    {
        DataType type = DataTypeOf(tensor.Type.Element);
        TensorProto proto = new() { Name = name, DataType = (int)type };
        proto.Dims.Add(tensor.Shape.Dimensions.Select(d => (long)d));
        byte[] bytes = ElementBytes.Of(tensor, (int)type);
        if (!BitConverter.IsLittleEndian)
            Swap(bytes, bytes.Length / Math.Max(tensor.Shape.Count, 1));
        proto.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
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

    private static void Swap(byte[] bytes, int size)
    {
        for (int start = 0; start < bytes.Length; start += size)
            bytes.AsSpan(start, size).Reverse();
    }
}
