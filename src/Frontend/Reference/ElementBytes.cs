using System.Numerics;
using System.Runtime.InteropServices;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Reference;

/// <summary>A tensor's elements in this machine's memory layout of an ONNX element type.</summary>
internal static class ElementBytes
{
    /// <exception cref="GraphException">The type is not numeric, or one is of integers and the other of floats.</exception>
    /// <exception cref="OverflowException">A value does not fit the type.</exception>
    public static byte[] Of(Tensor tensor, int dataType) => (DataType)dataType switch
    {
        DataType.Float => Convert<float, float>(tensor.Floats),
        DataType.Double => Convert<float, double>(tensor.Floats),
        DataType.Float16 => Convert<float, Half>(tensor.Floats),
        DataType.Int64 => Convert<long, long>(tensor.Integers),
        DataType.Int32 => Convert<long, int>(tensor.Integers),
        DataType.Int16 => Convert<long, short>(tensor.Integers),
        DataType.Int8 => Convert<long, sbyte>(tensor.Integers),
        DataType.Uint64 => Convert<long, ulong>(tensor.Integers),
        DataType.Uint32 => Convert<long, uint>(tensor.Integers),
        DataType.Uint16 => Convert<long, ushort>(tensor.Integers),
        DataType.Uint8 or DataType.Bool => Convert<long, byte>(tensor.Integers),
        _ => throw new GraphException($"Elements of type {TensorDecoder.TypeName(dataType)} are not supported."),
    };

    private static byte[] Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source)
        where TFrom : INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        TTo[] result = new TTo[source.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = TTo.CreateChecked(source[i]);
        return MemoryMarshal.AsBytes<TTo>(result).ToArray();
    }
}
