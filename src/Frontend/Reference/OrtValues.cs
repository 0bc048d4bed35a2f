using System.Collections.Immutable;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Reference;

/// <summary>Describes the values of a session and moves tensors in and out of the runtime.</summary>
internal sealed unsafe class OrtValues(OrtApi api)
{
    public ImmutableArray<OnnxRuntimeValue> DescribeInputs(OrtHandle session)
    {
        int count = (int)api.Get(OrtFunction.SessionGetInputCount, session.Pointer);
        return [.. Enumerable.Range(0, count).Select(i => Describe(
            api.Name(OrtFunction.SessionGetInputName, session, i),
            api.TypeInfo(OrtFunction.SessionGetInputTypeInfo, session, i)))];
    }

    public ImmutableArray<OnnxRuntimeValue> DescribeOutputs(OrtHandle session)
    {
        int count = (int)api.Get(OrtFunction.SessionGetOutputCount, session.Pointer);
        return [.. Enumerable.Range(0, count).Select(i => Describe(
            api.Name(OrtFunction.SessionGetOutputName, session, i),
            api.TypeInfo(OrtFunction.SessionGetOutputTypeInfo, session, i)))];
    }

    /// <summary>The runtime's copy of a tensor, in the element type that the model declares.</summary>
    /// <exception cref="OnnxRuntimeException">The tensor does not convert to that type.</exception>
    public OrtHandle Create(OnnxRuntimeValue input, Tensor tensor)
    {
        byte[] bytes;
        try
        {
            bytes = ElementBytes.Of(tensor, input.DataType);
        }
        catch (Exception e) when (e is GraphException or OverflowException)
        {
            throw new OnnxRuntimeException($"Input '{input}' cannot take a tensor of type {tensor.Type}: {e.Message}", e);
        }

        OrtHandle value = api.CreateTensor([.. tensor.Shape.Dimensions.Select(d => (long)d)], input.DataType);
        bytes.CopyTo(Memory(value, bytes.Length));
        return value;
    }

    /// <summary>A tensor that the runtime computed.</summary>
    public Tensor Read(OrtHandle value)
    {
        nint pointer = api.Get(OrtFunction.GetTensorTypeAndShape, value.Pointer);
        using OrtHandle info = new(api, OrtFunction.ReleaseTensorTypeAndShapeInfo, pointer);
        int dataType = api.ElementType(info.Pointer);
        ElementFormat format = TensorDecoder.Format(dataType)
            ?? throw new OnnxRuntimeException($"An output has elements of type {TensorDecoder.TypeName(dataType)}.");
        Shape shape = new([.. api.Dimensions(info.Pointer).Select(Shape.Dimension)]);
        return format.Read(shape, Memory(value, checked((int)format.ByteCount(shape))));
    }

    /// <summary>A tensor's elements in the runtime's memory.</summary>
    private Span<byte> Memory(OrtHandle value, int length)
        => new((void*)api.Get(OrtFunction.GetTensorMutableData, value.Pointer), length);

    private OnnxRuntimeValue Describe(string name, OrtHandle typeInfo)
    {
        using (typeInfo)
        {
            // Null where the value is no tensor; otherwise part of the type it comes from.
            nint tensorInfo = api.Get(OrtFunction.CastTypeInfoToTensorInfo, typeInfo.Pointer);
            if (tensorInfo == 0)
                return new OnnxRuntimeValue(name, dataType: 0, [], []);
            long[] dimensions = api.Dimensions(tensorInfo);
            string[] symbols = api.Symbols(tensorInfo, dimensions.Length);
            return new OnnxRuntimeValue(name, api.ElementType(tensorInfo), [.. dimensions], [.. symbols]);
        }
    }
}
