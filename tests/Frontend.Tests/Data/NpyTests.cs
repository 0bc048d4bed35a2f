using System.Text;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Data;

public class NpyTests
{
    private static byte[] File(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = version == 1 ? [(byte)text.Length, 0] : [(byte)text.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    /// <summary>NumPy has no integers of four bits; they are written as bytes.</summary>
    public static TheoryData<ElementType> Types => new(Enum.GetValues<ElementType>().Except([ElementType.Int4, ElementType.UInt4]));

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_written_is_read(ElementType element)
    {
        TensorType type = new(element, new Shape(2, 3));
        Tensor tensor = type.IsFloat ? Tensor.FromFloats(type, [0, 1.5f, -2, 3, 4, 5]) : Tensor.FromIntegers(type, [0, 1, 1, 0, 0, 1]);
        using MemoryStream stream = new();
        NpyWriter.Write(stream, tensor);
        Tensor read = NpyReader.Read(stream.ToArray());
        Assert.Equal(type, read.Type);
        if (type.IsFloat)
            Assert.Equal(tensor.Floats, read.Floats);
        else
            Assert.Equal(tensor.Integers, read.Integers);
    }

    [Fact]
    public void Negative_integers_keep_their_sign()
    {
        using MemoryStream stream = new();
        NpyWriter.Write(stream, Tensor.FromInt64(-5, long.MaxValue));
        Assert.Equal([-5L, long.MaxValue], NpyReader.Read(stream.ToArray()).Integers);
    }

    [Fact]
    public void Written_data_starts_at_an_aligned_offset()
    {
        using MemoryStream stream = new();
        NpyWriter.Write(stream, Tensor.FromInt64(1));
        Assert.Equal(0, (stream.Length - 8) % 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_versions_are_read(byte version)
        => Assert.Equal([7L], NpyReader.Read(File("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", [7], version)).Integers);

    [Fact]
    public void Fortran_order_is_converted()
    {
        Tensor tensor = NpyReader.Read(File("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [1, 4, 2, 5, 3, 6]));
        Assert.Equal(new Shape(2, 3), tensor.Shape);
        Assert.Equal([1L, 2, 3, 4, 5, 6], tensor.Integers);
    }

    [Fact]
    public void A_scalar_has_no_axes()
        => Assert.Equal(Shape.Scalar, NpyReader.Read(File("{'descr': '|b1', 'fortran_order': False, 'shape': (), }", [1])).Shape);

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "'>f4'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'")]
    [InlineData("{'fortran_order': False, 'shape': (1,), }", "'descr'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536,65536,65536,65536), }", "header")]
    public void What_cannot_be_read_is_named(string header, string reason)
        => Assert.Contains(reason, Assert.Throws<DataFormatException>(() => NpyReader.Read(File(header, new byte[4]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cut_file_is_refused()
    {
        byte[] file = File("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new byte[4]);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<DataFormatException>(() => NpyReader.Read(file.AsSpan(0, length)));
        byte[] second = File("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new byte[4], version: 2);
        Assert.Throws<DataFormatException>(() => NpyReader.Read(second.AsSpan(0, 11)));
    }
}
