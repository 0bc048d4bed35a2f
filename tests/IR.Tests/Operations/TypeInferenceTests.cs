using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Tests.Operations;

public sealed class TypeInferenceTests
{
    private static readonly TensorType Index = new(ElementType.Int64, new Shape(2));

    public static TheoryData<Operation, TensorType[]> Meaningless => new()
    {
        { new Relu(), [] },
        { new Conv(SpatialWindow.Create([3, 3])), [F(1, 3, 8, 8), F(4, 2, 3, 3)] },
        { new Conv(SpatialWindow.Create([3, 3]), Groups: 2), [F(1, 4, 8, 8), F(3, 2, 3, 3)] },
        { new Conv(SpatialWindow.Create([2, 2])), [F(1, 3, 8, 8), F(4, 3, 3, 3)] },
        { new Conv(SpatialWindow.Create([3, 3])), [F(1, 3, 8, 8), F(4, 3, 3, 3), F(5)] },
        { new Conv(SpatialWindow.Create([3])), [F(1, 3, 8), new TensorType(ElementType.Int64, new Shape(4, 3, 3))] },
        { new MaxPool(SpatialWindow.Create([9, 9])), [F(1, 1, 8, 8)] },
        { new MaxPool(SpatialWindow.Create([2, 2], stride: 0)), [F(1, 1, 8, 8)] },
        { new MaxPool(SpatialWindow.Create([2])), [F(1, 1, 8, 8)] },
        { new MaxPool(new SpatialWindow(new(2), new(1), new(int.MaxValue), new(0, int.MaxValue))), [F(1, 1, int.MaxValue / 2)] },
        { new AveragePool(new SpatialWindow(new(int.MaxValue), new(1), new(int.MaxValue), new(0, 0))), [F(1, 1, 8)] },
        { new MatMul(), [F(2, 3), F(4, 2)] },
        { new MatMul(), [F(2, 3), new TensorType(ElementType.Int64, new Shape(3, 2))] },
        { new MatMul(), [F(), F(2)] },
        { new Binary(BinaryKind.Add), [F(2), F(3)] },
        { new Binary(BinaryKind.Add), [F(2), Index] },
        { new BatchNormalization(0), [F(1, 2, 3), F(2), F(2), F(3), F(2)] },
        { new Concat(1), [F(1, 2), F(2, 2)] },
        { new Concat(2), [F(1, 2)] },
        { new Concat(0), [F(int.MaxValue / 2, 0), F(int.MaxValue / 2, 0), F(int.MaxValue / 2, 0)] },
        { new Reshape(new Shape(5)), [F(2, 3)] },
        { new Transpose(new IntVector(0, 0)), [F(2, 3)] },
        { new Pad(new IntVector(0, -1)), [F(2)] },
        { new Pad(new IntVector(int.MaxValue, int.MaxValue)), [F(2)] },
        { new Slice(new IntVector(0), new IntVector(3), new IntVector(1)), [F(2)] },
        { new Slice(new IntVector(0), new IntVector(2), new IntVector(-1)), [F(2)] },
        { new Gather(0), [F(2), F(2)] },
        { new Gather(1), [F(2), Index] },
        { new Softmax(2), [F(2, 3)] },
        { new ArgMax(0), [F(0, 3)] },
        { new Sigmoid(), [Index] },
        { new Unary(UnaryKind.Exp), [Index] },
        { new Unary(UnaryKind.Not), [F(2)] },
        { new PRelu(), [F(2), F(3, 2)] },
        { new Compare(CompareKind.Less), [F(2), Index] },
        { new Logical(LogicalKind.And), [F(2), F(2)] },
        { new Where(), [F(2), F(2), F(2)] },
        { new Where(), [new TensorType(ElementType.Bool, new Shape(2)), F(2), Index] },
        { new LayerNormalization(2, 0), [F(2, 3)] },
        { new LayerNormalization(1, 0), [F(2, 3), F(2)] },
        { new LocalResponseNormalization(0, 1, 1, 1), [F(1, 2)] },
        { new LpNormalization(0, 3), [F(2)] },
        { new LogSoftmax(1), [F(2)] },
        { new LpPool(SpatialWindow.Create([2]), P: 0), [F(1, 1, 4)] },
    };

    [Theory]
    [MemberData(nameof(Meaningless))]
    public void Inputs_that_do_not_fit_are_refused(Operation operation, TensorType[] inputs)
        => Assert.Throws<GraphException>(() => operation.InferType(inputs));

    [Theory]
    [InlineData(5, 2, 2, 0, false, 2)]
    [InlineData(5, 2, 2, 0, true, 3)]
    [InlineData(4, 1, 2, 1, true, 3)] // a fourth window would start in the end padding
    [InlineData(28, 3, 1, 1, false, 28)]
    public void Window_counts_follow_ONNX(int size, int kernel, int stride, int pad, bool ceil, int expected)
        => Assert.Equal(expected, SpatialWindow.Create([kernel], stride, pad).OutputSize(0, size, ceil));

    private static TensorType F(params int[] dimensions) => TensorType.Float(dimensions);
}
