using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Tests;

/// <summary>A fluent way to write small networks; weights come from a seeded generator.</summary>
internal sealed class Net
{
    private readonly GraphBuilder _builder = new("net");
    private readonly Random _random;

    public Net(int seed, params int[] inputShape)
    {
        _random = new Random(seed);
        Value = _builder.Input("x", TensorType.Float(inputShape));
    }

    /// <summary>The value that the next operation reads.</summary>
    public Value Value { get; private set; }

    public static SpatialWindow Window(int kernel, int stride = 1, int pad = 0) => SpatialWindow.Create([kernel, kernel], stride, pad);

    public Net At(Value value)
    {
        Value = value;
        return this;
    }

    public Net Then(Operation operation, params Value[] more)
    {
        Value = _builder.Add(operation, [Value, .. more]);
        return this;
    }

    public Net Conv(int outputs, SpatialWindow window, int groups = 1, bool bias = true)
    {
        int inputs = Value.Shape[1] / groups;
        Value weight = Constant([outputs, inputs, .. window.Kernel]);
        return bias ? Then(new Conv(window, groups), weight, Constant([outputs])) : Then(new Conv(window, groups), weight);
    }

    public Net Dense(int outputs)
    {
        Value weight = Constant([Value.Shape[Value.Shape.Rank - 1], outputs]), bias = Constant([outputs]);
        return Then(new MatMul(), weight).Then(new Binary(BinaryKind.Add), bias);
    }

    public Net Relu() => Then(new Relu());

    public Net MaxPool(int kernel, int stride) => Then(new MaxPool(Window(kernel, stride)));

    public Net AveragePool(SpatialWindow window, bool ceil = false, bool countPad = false) => Then(new AveragePool(window, ceil, countPad));

    public Net Flatten() => Then(new Reshape(new Shape(Value.Shape[0], Value.Shape.Count / Value.Shape[0])));

    public Value Constant(int[] shape, float[]? elements = null)
    {
        Shape s = new(shape);
        return _builder.Constant(Tensor.FromFloats(s, elements ?? Random(s.Count)));
    }

    public Value IntegerConstant(params long[] elements) => _builder.Constant(Tensor.FromInt64(elements));

    /// <summary>Quantises to 8 bits and back, as exporters write it.</summary>
    public Net Requantize(float scale, long zero, ElementType type = ElementType.UInt8) => Quantize(scale, zero, type).Dequantize(scale, zero, type);

    public Net Quantize(float scale, long zero, ElementType type = ElementType.UInt8)
        => Then(new QuantizeLinear(type), _builder.Constant(Tensor.Scalar(scale)), Integer(type, zero));

    public Net Dequantize(float scale, long zero, ElementType type = ElementType.UInt8)
        => Then(new DequantizeLinear(), _builder.Constant(Tensor.Scalar(scale)), Integer(type, zero));

    /// <summary>Random weights of 8 bits, centred and in 32.</summary>
    public Value IntegerWeights(params int[] shape)
    {
        Shape s = new(shape);
        return _builder.Constant(Tensor.FromIntegers(new TensorType(ElementType.Int32, s), [.. Enumerable.Range(0, s.Count).Select(_ => (long)_random.Next(-127, 128))]));
    }

    public Value Integer(ElementType type, long value) => _builder.Constant(Tensor.FromIntegers(new TensorType(type, Shape.Scalar), [value]));

    public Graph Build()
    {
        _builder.Output(Value);
        return _builder.Build();
    }

    private float[] Random(int count)
    {
        float[] elements = new float[count];
        for (int i = 0; i < count; i++)
            elements[i] = (float)((_random.NextDouble() * 2) - 1);
        return elements;
    }
}
