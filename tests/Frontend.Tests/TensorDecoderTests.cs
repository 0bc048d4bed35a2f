using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests;

public class TensorDecoderTests
{
    private static Tensor Decode(TensorProto proto) => TensorDecoder.Decode(proto, ExternalDataReader.None);

    [Fact]
    public void Floating_point_types_are_read_from_raw_bytes()
    {
        Assert.Equal([1.5f], Decode(OnnxModelBuilder.Raw("t", DataType.Float, [1], 0, 0, 0xC0, 0x3F)).Floats);
        Assert.Equal([-2f], Decode(OnnxModelBuilder.Raw("t", DataType.Double, [1], 0, 0, 0, 0, 0, 0, 0, 0xC0)).Floats);
        Assert.Equal([1.5f], Decode(OnnxModelBuilder.Raw("t", DataType.Float16, [1], 0, 0x3E)).Floats);
        Assert.Equal([1.5f], Decode(OnnxModelBuilder.Raw("t", DataType.Bfloat16, [1], 0xC0, 0x3F)).Floats);
        Assert.Equal(ElementType.Float32, Decode(OnnxModelBuilder.Raw("t", DataType.Float16, [1], 0, 0x3E)).Type.Element);
        Assert.Equal(ElementType.Float64, Decode(OnnxModelBuilder.Raw("t", DataType.Double, [1], new byte[8])).Type.Element);
    }

    [Fact]
    public void Integer_types_are_read_from_raw_bytes()
    {
        Assert.Equal([-2L], Decode(OnnxModelBuilder.Raw("t", DataType.Int64, [1], 0xFE, 255, 255, 255, 255, 255, 255, 255)).Integers);
        Assert.Equal([-2L], Decode(OnnxModelBuilder.Raw("t", DataType.Int32, [1], 0xFE, 255, 255, 255)).Integers);
        Assert.Equal([-2L, 3], Decode(OnnxModelBuilder.Raw("t", DataType.Int8, [2], 0xFE, 3)).Integers);
        Assert.Equal([254L, 3], Decode(OnnxModelBuilder.Raw("t", DataType.Uint8, [2], 0xFE, 3)).Integers);
        Assert.Equal([1L, 0], Decode(OnnxModelBuilder.Raw("t", DataType.Bool, [2], 7, 0)).Integers);
    }

    [Fact]
    public void Every_type_is_read_from_its_typed_field()
    {
        TensorProto Typed(DataType type, Action<TensorProto> fill)
        {
            TensorProto proto = OnnxModelBuilder.Typed("t", type, 2);
            fill(proto);
            return proto;
        }

        Assert.Equal([1f, 2f], Decode(Typed(DataType.Float, t => t.FloatData.Add([1f, 2f]))).Floats);
        Assert.Equal([1f, 2f], Decode(Typed(DataType.Double, t => t.DoubleData.Add([1d, 2d]))).Floats);
        Assert.Equal([1.5f, 1f], Decode(Typed(DataType.Float16, t => t.Int32Data.Add([0x3E00, 0x3C00]))).Floats);
        Assert.Equal([1.5f, 1f], Decode(Typed(DataType.Bfloat16, t => t.Int32Data.Add([0x3FC0, 0x3F80]))).Floats);
        Assert.Equal([-1L, 2], Decode(Typed(DataType.Int64, t => t.Int64Data.Add([-1L, 2]))).Integers);
        Assert.Equal([-1L, 2], Decode(Typed(DataType.Int32, t => t.Int32Data.Add([-1, 2]))).Integers);
        Assert.Equal([-1L, 2], Decode(Typed(DataType.Int8, t => t.Int32Data.Add([-1, 2]))).Integers);
        Assert.Equal([200L, 2], Decode(Typed(DataType.Uint8, t => t.Int32Data.Add([200, 2]))).Integers);
        Assert.Equal([1L, 0], Decode(Typed(DataType.Bool, t => t.Int32Data.Add([1, 0]))).Integers);
    }

    [Fact]
    public void Numbers_of_four_bits_share_bytes_the_first_in_the_lower_half()
    {
        Tensor signed = Decode(OnnxModelBuilder.Raw("t", DataType.Int4, [3], 0x7F, 0x08));
        Assert.Equal(ElementType.Int4, signed.Type.Element);
        Assert.Equal([-1L, 7, -8], signed.Integers);
        Assert.Equal([15L, 7], Decode(OnnxModelBuilder.Raw("t", DataType.Uint4, [2], 0x7F)).Integers);
        TensorProto typed = OnnxModelBuilder.Typed("t", DataType.Uint4, 3);
        typed.Int32Data.Add([0x7F, 0x08]);
        Assert.Equal([15L, 7, 8], Decode(typed).Integers);
        Assert.Throws<ModelFormatException>(() => Decode(OnnxModelBuilder.Raw("t", DataType.Int4, [3], 0x7F)));
        Assert.Throws<ModelFormatException>(() => Decode(OnnxModelBuilder.Raw("t", DataType.Int4, [2], 0x7F, 0)));
    }

    [Fact]
    public void Unsigned_numbers_of_64_bits_are_read_up_to_63()
    {
        Assert.Equal([long.MaxValue], Decode(OnnxModelBuilder.Raw("t", DataType.Uint64, [1], 255, 255, 255, 255, 255, 255, 255, 127)).Integers);
        TensorProto typed = OnnxModelBuilder.Typed("t", DataType.Uint64, 1);
        typed.Uint64Data.Add(1UL << 63);
        Assert.Contains("63 bits", Assert.Throws<ModelFormatException>(() => Decode(typed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scalars_and_empty_tensors_are_tensors()
    {
        Assert.Equal(Shape.Scalar, Decode(OnnxModelBuilder.Tensor("t", [], 1f)).Shape);
        Assert.Equal(0, Decode(OnnxModelBuilder.Typed("t", DataType.Float, 0)).Shape.Count);
    }

    [Theory]
    [InlineData((int)DataType.String, "string")]
    [InlineData((int)DataType.Complex64, "complex64")]
    [InlineData((int)DataType.Float8E4M3Fn, "float8e4m3fn")]
    [InlineData(99, "number 99")]
    public void Other_types_are_refused_by_name(int type, string name)
    {
        TensorProto proto = new() { Name = "t", DataType = type };
        Assert.Contains(name, Assert.Throws<ImportException>(() => Decode(proto)).Message, StringComparison.Ordinal);
    }
}
