using Google.Protobuf;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR.Operations;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests;

public class HostileModelTests
{
    private static OnnxModelBuilder Relu() => new OnnxModelBuilder().Input("x", 1, 4).Node("Relu", "x", "y").Output("y");

    private static string AssertMalformed(OnnxModelBuilder builder) => Assert.Throws<ModelFormatException>(() => builder.Import()).Message;

    private static string AssertMalformed(byte[] bytes) => Assert.Throws<ModelFormatException>(() => OnnxImporter.Import(bytes)).Message;

    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        AssertMalformed([]);
        AssertMalformed([0xFF, 0xFF, 0xFF, 0xFF]);
        AssertMalformed("not a model at all"u8.ToArray());
    }

    [Fact]
    public void A_model_cut_anywhere_never_crashes_the_importer()
    {
        byte[] bytes = Relu().Weights("w", 4, 4).Node("MatMul", "y w", "z").Output("z").Bytes();
        for (int length = 0; length < bytes.Length; length++)
            AssertNoCrash(bytes[..length]);
    }

    [Fact]
    public void A_model_with_any_bytes_changed_never_crashes_the_importer()
    {
        byte[] bytes = new OnnxModelBuilder(13).Input("x", 1, 2, 6, 6).Weights("w", 2, 2, 3, 3).Integers("s", 1, -1).Weights("m", 32, 3)
            .Node("Conv", "x w", "c", ("pads", new[] { 0, 0, 0, 0 }), ("strides", new[] { 1, 1 })).Node("Relu", "c", "r")
            .Node("Reshape", "r s", "f").Node("Gemm", "f m", "y", ("alpha", 2f)).Output("y").Bytes();
        ulong state = 1;
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] changed = [.. bytes];
            for (int change = 0; change <= trial % 3; change++)
            {
                state = (state * 6364136223846793005) + 1442695040888963407;
                changed[(int)((state >> 33) % (ulong)changed.Length)] = (byte)(state >> 56);
            }

            AssertNoCrash(changed);
        }
    }

    [Fact]
    public void Endless_nesting_is_refused()
    {
        GraphProto inner = new();
        for (int depth = 0; depth < 100; depth++)
        {
            NodeProto node = new() { OpType = "If" };
            node.Attribute.Add(new AttributeProto { Name = "then_branch", G = inner });
            inner = new GraphProto();
            inner.Node.Add(node);
        }

        OnnxModelBuilder builder = Relu();
        builder.Graph.Node.Add(inner.Node[0]);
        AssertMalformed(builder);
    }

    [Fact]
    public void Wiring_without_meaning_is_refused()
    {
        Assert.Contains("'nowhere'", AssertMalformed(new OnnxModelBuilder().Input("x", 1).Node("Add", "x nowhere", "y").Output("y")), StringComparison.Ordinal);
        Assert.Contains("'z'", AssertMalformed(Relu().Output("z")), StringComparison.Ordinal);
        Assert.Contains("cycle", AssertMalformed(new OnnxModelBuilder().Input("x", 1).Node("Add", "x b", "a").Node("Relu", "a", "b").Output("b")), StringComparison.Ordinal);
        Assert.Contains("twice", AssertMalformed(Relu().Node("Relu", "x", "y")), StringComparison.Ordinal);
        Assert.Contains("twice", AssertMalformed(Relu().Node("Relu", "y", "x")), StringComparison.Ordinal);
        Assert.Contains("twice", AssertMalformed(Relu().Input("x", 1)), StringComparison.Ordinal);
        Assert.Contains("twice", AssertMalformed(Relu().Weights("w", 1).Weights("w", 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_out_of_order_are_put_in_order()
        => Assert.Equal([new Relu(), new Identity()], new OnnxModelBuilder().Input("x", 1).Node("Identity", "a", "y").Node("Relu", "x", "a").Output("y").Import().Graph.Nodes.Select(n => n.Operation));

    [Fact]
    public void A_long_chain_does_not_exhaust_the_stack()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("v0", 1);
        for (int i = 20_000; i > 0; i--)
            builder.Node("Relu", $"v{i - 1}", $"v{i}");
        Assert.Equal(20_000, builder.Output("v20000").Import().Graph.Nodes.Length);
    }

    [Fact]
    public void Tensors_that_contradict_their_shape_are_refused()
    {
        Assert.Contains("'w'", AssertMalformed(Relu().Initializer(OnnxModelBuilder.Raw("w", DataType.Float, [4], new byte[15])).Node("Add", "y w", "z").Output("z")), StringComparison.Ordinal);
        AssertMalformed(Relu().Initializer(OnnxModelBuilder.Typed("w", DataType.Float, 4)).Node("Add", "y w", "z").Output("z"));
        AssertMalformed(Relu().Initializer(OnnxModelBuilder.Typed("w", DataType.Float, -4)).Node("Add", "y w", "z").Output("z"));
        AssertMalformed(Relu().Initializer(OnnxModelBuilder.Typed("w", DataType.Float, 1 << 20, 1 << 20)).Node("Add", "y w", "z").Output("z"));
    }

    [Fact]
    public void Dimensions_that_overflow_are_refused()
    {
        TensorProto tensor = new() { Name = "w", DataType = (int)DataType.Float };
        tensor.Dims.Add(long.MaxValue);
        AssertMalformed(Relu().Initializer(tensor).Node("Add", "y w", "z").Output("z"));
        OnnxModelBuilder input = new OnnxModelBuilder().Input("x", 1 << 30, 1 << 30).Node("Relu", "x", "y").Output("y");
        input.AssertRefused(DiagnosticCodes.InvalidNode);
    }

    [Fact]
    public void A_million_axes_are_refused()
    {
        int[] ones = [.. Enumerable.Repeat(1, 100_000)];
        new OnnxModelBuilder().Input("x", 1).Floats("w", ones, 1).Node("Add", "x w", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
        new OnnxModelBuilder().Input("x", 1).Integers("s", [.. ones.Select(i => (long)i)]).Node("ConstantOfShape", "s", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
        new OnnxModelBuilder().Input("x", 1).Integers("s", [.. ones.Select(i => (long)i)]).Node("Reshape", "x s", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 1 << 30)]
    public void Sparse_weights_that_leave_their_shape_are_refused(long index, long dimension)
    {
        OnnxModelBuilder builder = Relu().Node("Add", "y w", "z").Output("z");
        SparseTensorProto sparse = new() { Values = OnnxModelBuilder.Tensor("w", [1], 1f), Indices = OnnxModelBuilder.Tensor("", [1], index) };
        sparse.Dims.Add([4, dimension == 0 ? 1 : dimension]);
        builder.Graph.SparseInitializer.Add(sparse);
        AssertMalformed(builder);
    }

    [Fact]
    public void Unknown_fields_are_tolerated()
    {
        using MemoryStream stream = new();
        stream.Write(Relu().Bytes());
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteTag(1000, WireFormat.WireType.Varint);
            output.WriteInt64(5);
        }

        Assert.Single(OnnxImporter.Import(stream.ToArray()).Graph.Nodes);
    }

    private static void AssertNoCrash(byte[] bytes)
    {
        Exception? exception = Record.Exception(() => OnnxImporter.Import(bytes, new ImportOptions { MaxComputedElements = 1 << 20 }));
        Assert.True(exception is null or ModelFormatException or ModelNotSupportedException, exception?.ToString());
    }
}
