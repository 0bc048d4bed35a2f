using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Schema;

/// <summary>Turns a <see cref="TensorProto"/> into a <see cref="Tensor"/>, from wherever its elements are.</summary>
internal static class TensorDecoder
{
    /// <summary>The storage of an ONNX element type, or null when the compiler does not handle the type.</summary>
    public static ElementFormat? Format(int dataType) => (DataType)dataType switch
    {
        DataType.Float => ElementFormat.Float32,
        DataType.Double => ElementFormat.Float64,
        DataType.Float16 => ElementFormat.Float16,
        DataType.Bfloat16 => ElementFormat.BFloat16,
        DataType.Int64 => ElementFormat.Int64,
        DataType.Int32 => ElementFormat.Int32,
        DataType.Int16 => ElementFormat.Int16,
        DataType.Uint16 => ElementFormat.UInt16,
        DataType.Uint32 => ElementFormat.UInt32,
        DataType.Uint64 => ElementFormat.UInt64,
        DataType.Int8 => ElementFormat.Int8,
        DataType.Uint8 => ElementFormat.UInt8,
        DataType.Bool => ElementFormat.Bool,
        DataType.Int4 => ElementFormat.Int4,
        DataType.Uint4 => ElementFormat.UInt4,
        _ => null,
    };

    /// <summary>The name of an element type as the ONNX specification writes it.</summary>
    public static string TypeName(int dataType)
        => Enum.IsDefined((DataType)dataType) ? ((DataType)dataType).ToString().ToLowerInvariant() : $"number {dataType}";

    /// <exception cref="ModelFormatException">The elements do not fit the declared shape, or external data is missing.</exception>
    /// <exception cref="ImportException">The element type is not handled.</exception>
    public static Tensor Decode(TensorProto proto, ExternalDataReader external)
    {
        ElementFormat format = Format(proto.DataType) ?? throw new ImportException(
            DiagnosticCodes.UnsupportedElementType,
            $"tensor '{proto.Name}' has elements of type {TypeName(proto.DataType)}.",
            "Export the model with float32 weights.");
        if (proto.Segment is not null)
            throw new ModelFormatException($"Tensor '{proto.Name}' is stored in segments, which no exporter writes.");
        try
        {
            Shape shape = new([.. proto.Dims.Select(d => checked((int)d))]);
            if (proto.DataLocation == TensorProto.Types.DataLocation.External)
                return format.Read(shape, external.Read(proto, format.ByteCount(shape)));
            return proto.HasRawData ? format.Read(shape, proto.RawData.Span) : FromTypedField(proto, format, shape);
        }
        catch (Exception e) when (e is GraphException or OverflowException)
        {
            throw new ModelFormatException($"Tensor '{proto.Name}' is damaged: {e.Message}", e);
        }
    }

    private static Tensor FromTypedField(TensorProto proto, ElementFormat format, Shape shape)
    {
        if (format.IsPacked)
            return format.Read(shape, [.. proto.Int32Data.Select(pair => (byte)pair)]);
        return FromTypedField(proto, new TensorType(format.Type, shape));
    }

    private static Tensor FromTypedField(TensorProto proto, TensorType type) => (DataType)proto.DataType switch
    {
        DataType.Float => Tensor.FromFloats(type, [.. proto.FloatData]),
        DataType.Double => Tensor.FromFloats(type, [.. proto.DoubleData.Select(d => (float)d)]),
        DataType.Float16 => Tensor.FromFloats(type, [.. proto.Int32Data.Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits))]),
        DataType.Bfloat16 => Tensor.FromFloats(type, [.. proto.Int32Data.Select(ElementFormat.FromBFloat16)]),
        DataType.Int64 => Tensor.FromIntegers(type, [.. proto.Int64Data]),
        DataType.Uint32 => Tensor.FromIntegers(type, [.. proto.Uint64Data.Select(i => (long)(uint)i)]),
        DataType.Uint64 => Tensor.FromIntegers(type, [.. proto.Uint64Data.Select(ElementFormat.FromUInt64)]),
        DataType.Bool => Tensor.FromIntegers(type, [.. proto.Int32Data.Select(i => i == 0 ? 0L : 1L)]),
        _ => Tensor.FromIntegers(type, [.. proto.Int32Data.Select(i => (long)i)]),
    };
}
