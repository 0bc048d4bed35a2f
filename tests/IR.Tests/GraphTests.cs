using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests;

public sealed class GraphTests
{
    [Fact]
    public void The_builder_makes_names_unique()
    {
        GraphBuilder builder = new("g");
        Value x = builder.Input("x", TensorType.Float(1));

        Assert.Equal("x_1", builder.Add(new Relu(), [x], "x").Name);
        Assert.Equal("relu", builder.Add(new Relu(), [x]).Name);
        Assert.Equal("relu_1", builder.Add(new Relu(), [x]).Name);
        Assert.Equal("v", builder.Add(new Relu(), [x], "").Name);
        Assert.Equal("v_1", builder.Add(new Relu(), [x], "").Name);
    }

    [Fact]
    public void A_graph_knows_producers_users_and_constants()
    {
        GraphBuilder builder = new("g");
        Value x = builder.Input("x", TensorType.Float(2));
        Value c = builder.Constant(Range(2), "c");
        Value sum = builder.Add(new Binary(BinaryKind.Add), [c, c], "sum");
        Value product = builder.Add(new Binary(BinaryKind.Mul), [x, c], "product");
        Graph graph = builder.Build();

        Assert.Null(graph.Producer(x));
        Assert.Equal("sum", graph.Producer(sum)!.Name);
        Assert.Equal(["sum", "product"], graph.Users(c).Select(n => n.Name));
        Assert.NotNull(graph.ConstantOf(c));
        Assert.Null(graph.ConstantOf(product));
    }

    [Fact]
    public void Integer_vectors_compare_by_content()
    {
        Assert.Equal(new IntVector(1, 2), new IntVector(1, 2));
        Assert.NotEqual(new IntVector(1, 2), new IntVector(2, 1));
        Assert.Equal(IntVector.Empty, new IntVector());
        Assert.Equal(new Conv(SpatialWindow.Create([3, 3])), new Conv(SpatialWindow.Create([3, 3])));
    }

    [Fact]
    public void A_shape_without_meaning_is_refused()
    {
        Assert.Throws<GraphException>(() => new Shape(-1));
        Assert.Throws<GraphException>(() => new Shape(1 << 20, 1 << 20));
        Assert.Throws<GraphException>(() => Shape.Broadcast(new Shape(2), new Shape(3)));
        Assert.Throws<GraphException>(() => Shape.Dimension(1L << 31));
        Assert.Throws<GraphException>(() => new Shape(2).NormalizeAxis(1));
    }

    [Fact]
    public void A_tensor_needs_as_many_elements_as_its_shape()
        => Assert.Throws<GraphException>(() => F([2, 2], 1, 2, 3));

    [Fact]
    public void Tensors_compare_bit_for_bit()
    {
        Assert.True(F([2], 1, float.NaN).ContentEquals(F([2], 1, float.NaN)));
        Assert.Equal(F([2], 1, 2).ContentHash(), F([2], 1, 2).ContentHash());
        Assert.False(F([1], 0f).ContentEquals(F([1], -0f)));
        Assert.False(F([1, 2], 1, 2).ContentEquals(F([2], 1, 2)));
        Assert.False(Typed(ElementType.Int64, 1).ContentEquals(Typed(ElementType.Int32, 1)));
    }
}
