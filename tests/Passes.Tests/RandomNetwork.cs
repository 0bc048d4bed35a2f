using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests;

/// <summary>
/// Random small CNN-like graphs with what passes look for: foldable and unfoldable patterns, branches, concatenations and
/// residual additions, parts and permutations, shared values, repeated and unused nodes, constants among constants, and
/// outputs that are inputs, constants or intermediate values. A seed gives the same graph every time.
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

    private Value Step(Value x) => _random.Next(39) switch
    {
        < 4 => Convolution(x),
        < 6 => BatchNormalization(x),
        < 9 => Apply(new Relu(), x),
        9 => Apply(Activation(), x),
        10 => Pool(x),
        11 => Apply(new Pad(new IntVector(0, 0, Bit(), Bit(), 0, 0, Bit(), Bit()), _random.Next(4) == 0 ? 1 : 0), x),
        12 => Apply(_random.Next(2) == 0 ? new Identity() : new Dropout(), x),
        13 => Apply(new Reshape(x.Shape), x),
        14 => Apply(new Transpose(Bit() == 0 ? new IntVector(0, 1, 2, 3) : new IntVector(0, 1, 3, 2)), x),
        < 17 => Arithmetic(x),
        17 => Skip(x),
        18 => Repeat(x),
        19 when x.Shape[1] <= 8 => Apply(new Concat(1), x, x),
        20 => Apply(new Slice(IntVector.Repeat(0, 4), new IntVector(x.Shape.Dimensions.AsSpan()), IntVector.Repeat(1, 4)), x),
        21 => Part(x),
        < 25 => Gathering(x),
        < 28 => Branches(x),
        28 => Apply(new Binary(BinaryKind.Mul), x, Positive(x.Shape[1])),
        < 31 => Pointwise(x),
        31 => Reordered(Convolution(x)),
        32 => Convolution(Reordered(x)),
        33 => InStandardOperators(x),
        34 when x.Shape[1] > 1 => Split(x),
        _ => Apply(new Relu(), Apply(new Binary(BinaryKind.Mul), x, Positive(x.Shape[1]))),
    };

    /// <summary>A ReLU or a polynomial, written as tools do that have no operator for it.</summary>
    private Value InStandardOperators(Value x)
    {
        if (Bit() == 0)
            return Apply(new Binary(BinaryKind.Mul), x, Apply(new Cast(ElementType.Float32), Apply(new Compare(CompareKind.GreaterOrEqual), x, _builder.Constant(Tensor.Scalar(0), "zero"))));
        Value sum = Constant([x.Shape[1], 1, 1]);
        for (int power = _random.Next(1, 4); power > 0; power--)
            sum = Apply(new Binary(BinaryKind.Add), Apply(new Binary(BinaryKind.Mul), sum, x), Constant(Bit() == 0 ? [1] : [x.Shape[1], 1, 1]));
        return sum;
    }

    private Operation Activation() => _random.Next(6) switch
    {
        0 => new Clip(-1, 0.5f),
        1 => new Clip(0, 6),
        2 => new Clip(0, 0.25f),
        3 => new Sigmoid(),
        4 => new Unary(UnaryKind.Abs),
        _ => new LeakyRelu(0.5f),
    };

    /// <summary>Some of the channels: by a slice, every other one, or by position.</summary>
    private Value Part(Value x)
    {
        int channels = x.Shape[1], first = _random.Next(channels), count = _random.Next(1, channels - first + 1);
        if (Bit() == 0)
            return Apply(new Gather(1), x, _builder.Constant(Tensor.FromInt64([.. Enumerable.Range(0, count + 1).Select(_ => (long)_random.Next(channels))]), "positions"));
        return Apply(new Slice(new IntVector(0, first, 0, 0), new IntVector(x.Shape[0], count, x.Shape[2], x.Shape[3]), IntVector.Repeat(1, 4)), x);
    }

    /// <summary>The channels in two parts that go different ways, side by side again or not.</summary>
    private Value Split(Value x)
    {
        int first = _random.Next(1, x.Shape[1]);
        Value Of(int start, int count) => Apply(new Slice(new IntVector(0, start, 0, 0), new IntVector(x.Shape[0], count, x.Shape[2], x.Shape[3]), IntVector.Repeat(1, 4)), x);
        Value left = Apply(new Relu(), Of(0, first)), right = Of(first, x.Shape[1] - first);
        _images.Add(left);
        return Bit() == 0 ? Apply(new Concat(1), Bit() == 0 ? [left, right] : [right, left]) : right;
    }

    /// <summary>ReLUs behind concatenations of what came before, as dense blocks and searched architectures have them.</summary>
    private Value Gathering(Value x)
    {
        Value joined = x;
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            Value[] partners = [.. _images.Where(v => v.Shape[2] == x.Shape[2] && v.Shape[3] == x.Shape[3] && v.Shape[1] + joined.Shape[1] <= 12)];
            if (partners.Length == 0)
                break;
            joined = Apply(new Concat(1), joined, partners[_random.Next(partners.Length)]);
            if (Bit() == 0)
                _images.Insert(0, Apply(new Relu(), joined));
        }

        Value activated = Apply(Bit() == 0 ? Activation() : new Relu(), joined);
        return Bit() == 0 ? activated : Pointwise(activated);
    }

    private Value Branches(Value x)
    {
        Operation activation = Bit() == 0 ? new Relu() : Activation();
        Value left = Pointwise(x, stride: 1), right = Pointwise(x, stride: 1);
        Value joined = Apply(new Concat(1), Apply(activation, left), _random.Next(3) > 0 ? Apply(activation, right) : right);
        return Bit() == 0 ? joined : Apply(new Relu(), joined);
    }

    /// <summary>A 1×1 convolution, maybe strided, maybe before a pool.</summary>
    private Value Pointwise(Value x)
    {
        Value y = Pointwise(x, stride: _random.Next(5) == 0 ? 2 : 1);
        return _random.Next(6) == 0 ? Pool(y) : y;
    }

    private Value Pointwise(Value x, int stride)
    {
        Value weight = Constant([_random.Next(1, 5), x.Shape[1], 1, 1]);
        Value[] bias = Bit() == 0 ? [] : [Constant([weight.Shape[0]])];
        return Apply(new Conv(SpatialWindow.Create([1, 1], stride)), [x, weight, .. bias]);
    }

    private Value Positive(int channels)
        => _builder.Constant(Tensor.FromFloats(new Shape(channels, 1, 1), [.. Enumerable.Range(0, channels).Select(_ => 0.5f + _random.NextSingle())]), "scale");

    private Value Convolution(Value x)
    {
        int kernel = Math.Min(_random.Next(1, 4), Math.Min(x.Shape[2], x.Shape[3])), filters = x.Shape[1] > 6 ? 2 : _random.Next(1, 5);
        bool depthwise = _random.Next(4) == 0;
        Conv conv = new(SpatialWindow.Create([kernel, kernel], pad: _random.Next(2)), depthwise ? x.Shape[1] : 1);
        Value weight = depthwise ? Constant([x.Shape[1], 1, kernel, kernel]) : Constant([filters, x.Shape[1], kernel, kernel]);
        Value[] bias = Bit() == 0 ? [] : [Constant([weight.Shape[0]])];
        return Apply(conv, [x, weight, .. bias]);
    }

    private Value Reordered(Value x)
    {
        long[] positions = [.. Enumerable.Range(0, x.Shape[1]).Select(c => (long)c)];
        _random.Shuffle(positions);
        return Apply(new Gather(1), x, _builder.Constant(Tensor.FromInt64(positions), "order"));
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
        for (int step = _random.Next(5); step > 0; step--)
        {
            y = _random.Next(4) switch
            {
                0 => BatchNormalization(y),
                1 => Apply(new Relu(), y),
                2 => Apply(new MatMul(), y, Constant([hidden, hidden = _random.Next(1, 20)])),
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
