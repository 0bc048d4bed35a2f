using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests;

/// <summary>
/// Random small CNN-like graphs with what passes look for: foldable and unfoldable patterns, shared values, repeated and
/// unused nodes, constants among constants, and outputs that are inputs, constants or intermediate values.
/// </summary>
internal sealed class RandomNetwork
{
    private readonly Random _random;
    private readonly GraphBuilder _builder = new("random");
    private readonly List<Value> _images = [];
    private readonly List<(Operation Operation, Value[] Inputs)> _applied = [];

    private RandomNetwork(int seed) => _random = new Random(seed);

    public static Graph Create(int seed) => new RandomNetwork(seed).Build();

    public static Tensor Elements(Random random, params ReadOnlySpan<int> shape)
    {
        Shape s = new(shape);
        float[] elements = new float[s.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = (random.NextSingle() * 2) - 1;
        return Tensor.FromFloats(s, elements);
    }

    private Graph Build()
    {
        int size = _random.Next(6, 10);
        _images.Add(_builder.Input("image", TensorType.Float(_random.Next(1, 3), _random.Next(1, 4), size, size)));
        for (int step = _random.Next(6, 18); step > 0; step--)
            _images.Add(Step(PickImage()));
        foreach (Value extra in _images.Where(_ => _random.Next(6) == 0))
            _builder.Output(extra);
        _builder.Output(Head(_images[^1]));
        if (_random.Next(4) == 0)
            _builder.Output(Constant([2]));
        return _builder.Build();
    }

    /// <summary>Mostly the newest value, so that chains grow; sometimes an older one, so that values are shared.</summary>
    private Value PickImage() => _images[_random.Next(4) > 0 ? _images.Count - 1 : _random.Next(_images.Count)];

    private Value Step(Value x) => _random.Next(20) switch
    {
        < 4 => Convolution(x),
        < 6 => BatchNormalization(x),
        < 8 => Apply(new Relu(), x),
        8 => Apply(new Clip(-1, 0.5f), x),
        9 => Pool(x),
        10 => Apply(new Pad(new IntVector(0, 0, Bit(), Bit(), 0, 0, Bit(), Bit()), _random.Next(4) == 0 ? 1 : 0), x),
        11 => Apply(_random.Next(2) == 0 ? new Identity() : new Dropout(), x),
        12 => Apply(new Reshape(x.Shape), x),
        13 => Apply(new Transpose(new IntVector(0, 1, 2, 3)), x),
        < 16 => Arithmetic(x),
        16 => Skip(x),
        17 => Repeat(x),
        18 => Apply(new Concat(1), x, x),
        _ => Apply(new Slice(IntVector.Repeat(0, 4), new IntVector(x.Shape.Dimensions.AsSpan()), IntVector.Repeat(1, 4)), x),
    };

    private Value Convolution(Value x)
    {
        int kernel = Math.Min(_random.Next(1, 4), x.Shape[2]), filters = x.Shape[1] > 6 ? 2 : _random.Next(1, 5);
        bool depthwise = _random.Next(4) == 0;
        Conv conv = new(SpatialWindow.Create([kernel, kernel], pad: _random.Next(2)), depthwise ? x.Shape[1] : 1);
        Value weight = depthwise ? Constant([x.Shape[1], 1, kernel, kernel]) : Constant([filters, x.Shape[1], kernel, kernel]);
        Value[] bias = Bit() == 0 ? [] : [Constant([weight.Shape[0]])];
        return Apply(conv, [x, weight, .. bias]);
    }

    private Value BatchNormalization(Value x)
    {
        int channels = x.Shape[1];
        Tensor variance = Tensor.FromFloats(new Shape(channels), [.. Enumerable.Range(0, channels).Select(_ => 0.5f + _random.NextSingle())]);
        return Apply(
            new BatchNormalization(1e-3f), x, Constant([channels]), Constant([channels]), Constant([channels]), _builder.Constant(variance, "variance"));
    }

    private Value Pool(Value x)
    {
        int kernel = Math.Min(2, x.Shape[2]);
        SpatialWindow window = SpatialWindow.Create([kernel, Math.Min(kernel, x.Shape[3])], stride: _random.Next(1, 3));
        if (_random.Next(2) == 0)
            return Apply(new MaxPool(window, CeilMode: Bit() == 0), Bit() == 0 ? x : Apply(new Relu(), x));
        Value padded = Bit() == 0 ? x : Apply(new Pad(new IntVector(0, 0, 0, 0, 0, 0, Bit(), 1)), x);
        return Apply(new AveragePool(window, CeilMode: Bit() == 0, CountIncludePad: Bit() == 0), padded);
    }

    /// <summary>With a scalar, a channel vector or a whole image, itself maybe computed from constants, on either side.</summary>
    private Value Arithmetic(Value x)
    {
        Value constant = _random.Next(4) switch
        {
            0 => Constant([]),
            1 => Constant([1, x.Shape[1], 1, 1]),
            2 => Constant([x.Shape[1], 1, 1]),
            _ => Constant([.. x.Shape.Dimensions]),
        };
        if (Bit() == 0)
            constant = Apply(new Binary(BinaryKind.Add), constant, _builder.Constant(Tensor.Scalar(3), "three"));
        Binary binary = new((BinaryKind)_random.Next(4));
        return Bit() == 0 || binary.Kind == BinaryKind.Div ? Apply(binary, x, constant) : Apply(binary, constant, x);
    }

    private Value Skip(Value x)
    {
        Value[] partners = [.. _images.Where(v => v.Shape == x.Shape)];
        return Apply(new Binary(BinaryKind.Add), x, partners[_random.Next(partners.Length)]);
    }

    private Value Repeat(Value x)
    {
        (Operation operation, Value[] inputs) = _applied.Where(a => a.Inputs[0].Shape.Rank == 4).DefaultIfEmpty((new Relu(), [x])).Last();
        return Apply(operation, inputs);
    }

    private Value Head(Value x)
    {
        int features = x.Shape.Count / x.Shape[0], hidden = _random.Next(1, 20);
        Value flat = Apply(new Reshape(new Shape(x.Shape[0], features)), x);
        Value y = Apply(new MatMul(), flat, Constant([features, hidden]));
        for (int step = _random.Next(4); step > 0; step--)
        {
            y = _random.Next(3) switch
            {
                0 => BatchNormalization(y),
                1 => Apply(new Relu(), y),
                _ => Apply(new Binary((BinaryKind)_random.Next(3)), y, Constant([hidden])),
            };
        }

        return Bit() == 0 ? y : Apply(new Softmax(1), y);
    }

    private Value Apply(Operation operation, params Value[] inputs)
    {
        _applied.Add((operation, inputs));
        return _builder.Add(operation, [.. inputs], nodeName: Bit() == 0 ? null : $"node{_applied.Count}");
    }

    private Value Constant(int[] shape) => _builder.Constant(Elements(_random, shape), "c");

    private int Bit() => _random.Next(2);
}
