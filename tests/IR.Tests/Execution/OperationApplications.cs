using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

/// <summary>One application of every operation. The exporter's tests use it, too.</summary>
public static class OperationApplications
{
    public static TheoryData<Operation, Tensor[]> All => new()
    {
        { new Constant(Range(2)), [] },
        { new Identity(), [Range(2)] },
        { new Dropout(), [Range(2)] },
        { new Conv(SpatialWindow.Create([1])), [Range(1, 1, 2), Range(1, 1, 1)] },
        { new MatMul(), [Range(2, 2), Range(2, 2)] },
        { new MaxPool(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new AveragePool(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new BatchNormalization(1), [Range(1, 1), Range(1), Range(1), Range(1), Range(1)] },
        { new Softmax(0), [Range(2)] },
        { new ArgMax(0), [Range(2)] },
        { new MaxPoolIndices(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new LpPool(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new LayerNormalization(1, 1), [Range(1, 2), Range(2), Range(1, 1)] },
        { new LocalResponseNormalization(3, 1, 1, 1), [Range(1, 2)] },
        { new LpNormalization(0, 2), [Range(2)] },
        { new LogSoftmax(0), [Range(2)] },
        { new Hardmax(0), [Range(2)] },
        { new TopK(0, 1), [Range(2)] },
        { new CumSum(0), [Range(2)] },
        { new Reduce(ReduceKind.Sum, new IntVector(0)), [Range(2)] },
        { new QuantizeLinear(ElementType.Int8), [Range(2), Tensor.Scalar(1), Typed(ElementType.Int8, 1)] },
        { new DequantizeLinear(), [I([2], 1, 2), Tensor.Scalar(1), I([], 1)] },
        { new Binary(BinaryKind.Add), [Range(2), Range(2)] },
        { new Unary(UnaryKind.Exp), [Range(2)] },
        { new LeakyRelu(0.1f), [Range(2)] },
        { new PRelu(), [Range(2), Range(2)] },
        { new Elu(1), [Range(2)] },
        { new ThresholdedRelu(1), [Range(2)] },
        { new Shrink(1, 0), [Range(2)] },
        { new HardSigmoid(1, 0), [Range(2)] },
        { new HardSwish(), [Range(2)] },
        { new Sigmoid(), [Range(2)] },
        { new Gelu(), [Range(2)] },
        { new Compare(CompareKind.Less), [Range(2), Range(2)] },
        { new Logical(LogicalKind.And), [Typed(ElementType.Bool, 0, 1), Typed(ElementType.Bool, 1)] },
        { new Where(), [Typed(ElementType.Bool, 0, 1), Range(2), Range(2)] },
        { new Relu(), [Range(2)] },
        { new DRelu(), [Range(2)] },
        { new RandomFlip(0.5f), [Range(2)] },
        { new Polynomial(0), [Range(2), Range(2, 3)] },
        { new Clip(0, 1), [Range(2)] },
        { new Cast(ElementType.Int32), [Range(2)] },
        { new Reshape(new Shape(1, 2)), [Range(2)] },
        { new Transpose(new IntVector(1, 0)), [Range(2, 2)] },
        { new Slice(new IntVector(0), new IntVector(1), new IntVector(1)), [Range(2)] },
        { new Pad(new IntVector(1, 1)), [Range(2)] },
        { new Concat(0), [Range(2), Range(2)] },
        { new Gather(0), [Range(2), Tensor.FromInt64(1)] },
    };
}
