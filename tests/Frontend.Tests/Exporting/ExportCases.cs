using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Tests;
using PrivateInference.IR.Tests.Execution;

namespace PrivateInference.Frontend.Tests.Exporting;

/// <summary>Applications of operations with attributes, shapes and types that the exporter treats differently.</summary>
public static class ExportCases
{
    private static readonly SpatialWindow _uneven = new(new IntVector(3, 2), new IntVector(2, 1), new IntVector(1, 1), new IntVector(1, 0, 0, 1));

    private static readonly SpatialWindow _dilated = new(new IntVector(2, 2), new IntVector(1, 2), new IntVector(2, 1), new IntVector(0, 0, 1, 0));

    public static TheoryData<Operation, Tensor[]> All
    {
        get
        {
            TheoryData<Operation, Tensor[]> all = [];
            foreach ((Operation operation, Tensor[] inputs) in Cases)
                all.Add(operation, inputs);
            return all;
        }
    }

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Cases =>
    [
        .. OperationApplications.All.Select(row => ((Operation)row[0], (Tensor[])row[1])),
        .. Linear, .. Pooling, .. Normalization, .. Reductions, .. Elementwise, .. Layout, .. Quantization, .. Constants,
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Linear =>
    [
        (new Conv(_uneven, Groups: 2), [R(2, 4, 7, 6), R(6, 2, 3, 2), R(6)]),
        (new Conv(_dilated), [R(1, 3, 6, 6), R(2, 3, 2, 2)]),
        (new Conv(SpatialWindow.Create([2, 2, 2])), [R(1, 2, 3, 3, 3), R(2, 2, 2, 2, 2)]),
        (new MatMul(), [R(3), R(3, 2)]),
        (new MatMul(), [R(2, 1, 3, 4), R(5, 4, 2)]),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Pooling =>
    [
        .. new[] { false, true }.SelectMany(ceil => new (Operation, Tensor[])[]
        {
            (new MaxPool(_uneven, ceil), [R(1, 2, 6, 6)]),
            (new MaxPool(_dilated, ceil), [R(1, 2, 6, 7)]),
            (new MaxPoolIndices(_uneven, ceil, ColumnMajor: ceil), [R(1, 2, 6, 6)]),
            (new AveragePool(_uneven, ceil), [R(1, 2, 6, 6)]),
            (new AveragePool(_uneven, ceil, CountIncludePad: true), [R(1, 2, 6, 6)]),
            (new AveragePool(_dilated, ceil), [R(1, 2, 6, 7)]),
            (new LpPool(_uneven, P: 1, ceil), [R(1, 2, 6, 6)]),
            (new LpPool(_uneven, P: 3, ceil), [R(1, 2, 6, 6)]),
        }),
        (new AveragePool(SpatialWindow.Create([5, 5])), [R(2, 3, 5, 5)]),
        (new LpPool(_dilated), [R(1, 2, 6, 7)]),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Normalization =>
    [
        (new BatchNormalization(1e-3f), [R(2, 3, 2, 2), R(3), R(3), R(3), Positive(3)]),
        (new Softmax(1), [R(2, 3, 4)]),
        (new Softmax(1, Flatten: true), [R(2, 3, 4)]),
        (new LogSoftmax(1), [R(2, 3, 4)]),
        (new Hardmax(2), [R(2, 3, 4)]),
        (new LpNormalization(1, 1), [R(2, 3, 4)]),
        (new LocalResponseNormalization(3, 0.5f, 0.75f, 2), [R(2, 5, 2, 2)]),
        (new LocalResponseNormalization(5, 0.5f, 0.75f, 2), [R(2, 5, 2, 2, 3)]),
        (new LayerNormalization(2, 1e-5f), [R(2, 3, 4), R(4)]),
        (new LayerNormalization(1, 1e-5f), [R(2, 3, 4), R(3, 4), R(3, 4)]),
        (new LayerNormalization(1, 1e-5f), [R(2, 3, 4)]),
        (new LayerNormalization(2, 1e-5f), [R(2, 3, 4, 4), R(3, 1, 1)]),
        (new LayerNormalization(2, 1e-5f), [R(2, 3, 4, 4), R(3, 1, 1), R(3, 1, 1)]),
        (new LayerNormalization(2, 1e-5f, Centered: false), [R(2, 3, 4)]),
        (new LayerNormalization(2, 1e-5f, Centered: false), [R(2, 3, 4), R(4)]),
        (new LayerNormalization(2, 1e-5f, Centered: false), [R(2, 3, 4), R(4), R(4)]),
        (new LayerNormalization(1, 1e-5f), [Double(R(2, 3)), Double(R(1, 1)), Double(R(2, 1))]),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Reductions =>
    [
        .. Enum.GetValues<ReduceKind>().SelectMany(kind => new (Operation, Tensor[])[]
        {
            (new Reduce(kind, new IntVector(1, 2)), [Positive(2, 3, 4)]),
            (new Reduce(kind, new IntVector(0), KeepDimensions: false), [Positive(2, 3, 4)]),
            (new Reduce(kind, IntVector.Empty), [Positive(2, 3)]),
        }),
        (new Reduce(ReduceKind.Mean, new IntVector(2, 3)), [R(1, 2, 3, 3)]),
        (new Reduce(ReduceKind.Sum, new IntVector(0)), [Whole(ElementType.Int32, 4, -2, 9)]),
        (new ArgMax(1, KeepDimensions: false, SelectLast: true), [R(2, 3)]),
        (new TopK(1, 2, Largest: false), [R(2, 5)]),
        (new TopK(1, 2, Positions: true), [R(2, 5)]),
        (new CumSum(1, Exclusive: true), [R(2, 3)]),
        (new CumSum(0, Reverse: true), [R(2, 3)]),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Elementwise =>
    [
        .. Enum.GetValues<BinaryKind>().Select(kind => ((Operation)new Binary(kind), new[] { Positive(2, 3), Positive(3) })),
        .. Enum.GetValues<BinaryKind>().Where(kind => kind is not BinaryKind.Pow)
            .Select(kind => ((Operation)new Binary(kind), new[] { Whole(ElementType.Int64, -7, 7, 5), Whole(ElementType.Int64, 2, -3, 5) })),
        .. Enum.GetValues<UnaryKind>().Select(kind => ((Operation)new Unary(kind), new[] { Operand(kind) })),
        .. Enum.GetValues<CompareKind>().Select(kind => ((Operation)new Compare(kind), new[] { R(2, 3), R(3) })),
        .. Enum.GetValues<LogicalKind>().Select(kind => ((Operation)new Logical(kind), new[] { Whole(ElementType.Bool, 0, 1, 1), Whole(ElementType.Bool, 1, 1, 0) })),
        .. Enum.GetValues<ElementType>().Select(type => ((Operation)new Cast(type), new[] { Positive(5) })),
        .. Enumerable.Range(0, Polynomial.MaxDegree + 1).Select(degree => ((Operation)new Polynomial(1), new[] { R(2, 3, 2, 2), R(3, degree + 1) })),
        (new Polynomial(1), [R(2, 3, 2, 2), R(1, 3)]),
        (new Polynomial(3), [R(2, 3, 2, 4), R(4, 3)]),
        (new Polynomial(0), [Double(R(3, 2)), Double(R(3, 2))]),
        (new DRelu(), [F(-1, -0f, 0, 1e-20f, float.PositiveInfinity)]),
        (new DRelu(), [Double(F(-1, 0, 2))]),
        (new RandomFlip(0.25f), [F(0, 1, 1, 0)]),
        (new RandomFlip(0.5f, Seed: -7), [F(0, 1, 1, 0, 0, 1, 0, 1)]),
        (new Elu(0.5f), [R(2, 3)]),
        (new Elu(0.5f, Width: 0.5f), [R(2, 3)]),
        (new Elu(1.67326319f, 1.05070102f), [R(2, 3)]),
        (new Elu(0.3f, 0.7f, 2), [R(2, 3)]),
        (new Gelu(Tanh: true), [R(2, 3)]),
        (new Shrink(0.25f, 0.125f), [R(2, 3)]),
        (new HardSigmoid(0.3f, 0.4f), [R(2, 3)]),
        (new PRelu(), [R(2, 3, 2), R(3, 1)]),
        (new Clip(float.NegativeInfinity, 0.25f), [R(2, 3)]),
        (new Clip(-0.25f, float.PositiveInfinity), [R(2, 3)]),
        (new Clip(float.NegativeInfinity, float.PositiveInfinity), [R(2, 3)]),
        (new Clip(-0.25f, 0.25f), [Double(R(2, 3))]),
        (new Clip(-2.5f, 3.5f), [Whole(ElementType.Int64, -9, -2, 3, 9)]),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Layout =>
    [
        (new Reshape(Shape.Scalar), [R(1, 1)]),
        (new Transpose(new IntVector(2, 0, 1)), [R(2, 3, 4)]),
        (new Slice(new IntVector(1, 2), new IntVector(2, 3), new IntVector(2, -1)), [R(4, 3)]),
        (new Slice(new IntVector(3, 0), new IntVector(2, 1), new IntVector(-3, 1)), [R(4, 3)]),
        (new Slice(new IntVector(0, 0), new IntVector(0, 3), new IntVector(1, 1)), [R(4, 3)]),
        (new Pad(new IntVector(0, 1, 2, 0), -1.5f), [R(2, 3)]),
        (new Pad(new IntVector(1, 0), 7), [Whole(ElementType.Int64, 1, 2)]),
        (new Concat(1), [R(2, 3), R(2, 1), R(2, 2)]),
        (new Gather(1), [R(2, 3, 2), Whole(ElementType.Int64, 2, 0, 0, 1).Reshape(new Shape(2, 2))]),
        (new Gather(0), [R(3, 2), Whole(ElementType.Int32, 2, 0)]),
        (new Gather(0), [R(3, 2), Whole(ElementType.UInt8, 2, 0)]),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Quantization =>
    [
        .. new[] { ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16 }.SelectMany(type => new (Operation, Tensor[])[]
        {
            (new QuantizeLinear(type), [Scaled(R(2, 3), 300), Tensor.Scalar(0.75f), Whole(type, 3).Reshape(Shape.Scalar)]),
            (new QuantizeLinear(type), [Scaled(R(2, 3), 300), Positive(3), Whole(type, 3, 0, 1)]),
            (new DequantizeLinear(), [Whole(type, 100, 2, 0), Tensor.Scalar(0.75f), Whole(type, 3).Reshape(Shape.Scalar)]),
            (new DequantizeLinear(), [Whole(type, 100, 2, 0), Positive(3), Whole(type, 3, 0, 1)]),
        }),
    ];

    private static IEnumerable<(Operation Operation, Tensor[] Inputs)> Constants =>
    [
        (new Constant(F(1, -0f, float.NaN, float.NegativeInfinity)), []),
        (new Constant(Double(R(2, 2))), []),
        (new Constant(R(0, 2)), []),
        (new Constant(Tensor.Scalar(3)), []),
        .. Enum.GetValues<ElementType>().Where(type => type is not (ElementType.Float32 or ElementType.Float64))
            .Select(type => ((Operation)new Constant(Whole(type, IntegerRange.Of(type).Minimum, IntegerRange.Of(type).Maximum)), Array.Empty<Tensor>())),
    ];

    private static Tensor Operand(UnaryKind kind) => kind switch
    {
        UnaryKind.Not => Whole(ElementType.Bool, 0, 1),
        UnaryKind.Acosh => Scaled(Positive(2, 3), 2),
        UnaryKind.Sqrt or UnaryKind.Log or UnaryKind.Reciprocal => Positive(2, 3),
        UnaryKind.Round => F(-1.5f, -0.5f, 0.5f, 1.5f, 2.4f),
        _ => R(2, 3),
    };

    /// <summary>Between −1 and 1.</summary>
    private static Tensor R(params int[] shape) => TestTensors.Random(new Random(shape.Sum() + shape.Length), shape);

    /// <summary>Between 0.5 and 1.5.</summary>
    private static Tensor Positive(params int[] shape)
        => Tensor.FromFloats(new Shape(shape), [.. R(shape).Floats.ToArray().Select(v => 1 + (v / 2))]);

    private static Tensor F(params float[] elements) => TestTensors.F([elements.Length], elements);

    private static Tensor Scaled(Tensor tensor, float factor) => Tensor.FromFloats(tensor.Type, [.. tensor.Floats.ToArray().Select(v => v * factor)]);

    private static Tensor Double(Tensor tensor) => Tensor.FromFloats(tensor.Type with { Element = ElementType.Float64 }, tensor.Floats.ToArray());

    private static Tensor Whole(ElementType type, params long[] elements) => TestTensors.Typed(type, elements);
}
