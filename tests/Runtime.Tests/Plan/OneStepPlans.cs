using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Plan;

/// <summary>Plans of one step between input and output, of random sizes and parameters, one family a kind of step.</summary>
internal sealed class OneStepPlans
{
    private readonly Random _random;
    private readonly List<PlanValue> _values = [];
    private readonly List<PlanStep> _steps = [];
    private readonly List<WeightTensor> _weights = [];
    private readonly int _ringBits;

    private OneStepPlans(int seed, int ringBits)
    {
        _random = new Random(seed);
        _ringBits = ringBits;
    }

    /// <summary>The kinds that <see cref="Create"/> makes.</summary>
    public static ImmutableArray<string> Kinds { get; } =
    [
        "conv2d", "fully-connected", "grouped", "strided", "relu", "clip", "truncate", "relu-maxpool", "maxpool", "relu-ot", "truncate-ot", "relu-maxpool-ot", "maxpool-ot", "clip-ot", "clip-maxpool-ot", "shared-sign", "shared-sign-ot", "polynomial", "polynomial-binomial", "polynomial-beaver", "truncate-local", "range-check",
        "sumpool", "add", "add-constant", "concat", "pad", "slice", "transpose", "reshape",
    ];

    /// <summary>A plan of this kind; the seed decides its sizes.</summary>
    public static (ExecutionPlan Plan, ModelWeights Weights) Create(string kind, int seed)
    {
        // Linear steps take the RLWE parameters of the ring below; others any ring, but for local truncation, which fails in small ones.
        bool linear = kind is "conv2d" or "fully-connected" or "grouped" or "strided";
        OneStepPlans builder = new(seed, linear ? 24 : kind == "truncate-local" ? 64 : new Random(seed).Next(20, 65));
        return builder.Build(kind);
    }

    private (ExecutionPlan Plan, ModelWeights Weights) Build(string kind)
    {
        int channels = 2 * Size(4), height = Size(9), width = Size(9);
        if (kind == "fully-connected")
            (channels, height, width) = (Size(700), 1, 1);
        int x = Value(16, 9, 1, channels, height, width);
        _steps.Add(new InputStep { Name = "x", Output = x });
        int added = Add(kind, x, channels, height, width), y = kind == "range-check" ? x : added;
        int opened = _values.Count;
        _values.Add(_values[y] with { Name = "opened" });
        _steps.Add(new OutputStep { Name = "y", Output = opened, Input = y });
        ModelWeights weights = new() { Tensors = [.. _weights] };
        return (new ExecutionPlan
        {
            Name = kind,
            Backend = "gc",
            RingBits = _ringBits,
            Values = [.. _values],
            Steps = [.. _steps],
            WeightsDigest = WeightsSerializer.Digest(weights),
        }, weights);
    }

    private int Add(string kind, int x, int channels, int height, int width) => kind switch
    {
        "conv2d" => Convolution(x, channels, height, width, groups: 1, stride: 1),
        "fully-connected" => Convolution(x, channels, height, width, groups: 1, stride: 1),
        "grouped" => Convolution(x, channels, height, width, groups: channels / 2, stride: 1),
        "strided" => Convolution(x, channels, height, width, groups: 1, stride: 2),
        "relu" => NonLinear(x, Activation.Relu, pooled: false),
        "clip" => NonLinear(x, Activation.Clip, pooled: false),
        "truncate" => NonLinear(x, Activation.None, pooled: false),
        "relu-maxpool" => NonLinear(x, Activation.Relu, pooled: true),
        "maxpool" => NonLinear(x, Activation.None, pooled: true),
        "relu-ot" => NonLinear(x, Activation.Relu, pooled: false, NonLinearMethod.ObliviousTransfer),
        "truncate-ot" => NonLinear(x, Activation.None, pooled: false, NonLinearMethod.ObliviousTransfer),
        "relu-maxpool-ot" => NonLinear(x, Activation.Relu, pooled: true, NonLinearMethod.ObliviousTransfer),
        "maxpool-ot" => NonLinear(x, Activation.None, pooled: true, NonLinearMethod.ObliviousTransfer),
        "clip-ot" => NonLinear(x, Activation.Clip, pooled: false, NonLinearMethod.ObliviousTransfer),
        "clip-maxpool-ot" => NonLinear(x, Activation.Clip, pooled: true, NonLinearMethod.ObliviousTransfer),
        "shared-sign" => SharedSign(x),
        "shared-sign-ot" => SharedSign(x, NonLinearMethod.ObliviousTransfer),
        "polynomial" => Polynomial(x, channels, PowerMethod.HoneyBadger),
        "polynomial-binomial" => Polynomial(x, channels, PowerMethod.Binomial),
        "polynomial-beaver" => Polynomial(x, channels, PowerMethod.Beaver),
        "truncate-local" => Append(o => new TruncateStep { Name = "truncate", Output = o, Input = x, Shift = 3 }, 2, 6, Shape(x)),
        "sumpool" => SumPool(x),
        "add" => Append(o => new AddStep { Name = "add", Output = o, Left = x, Right = x, LeftShift = 2, RightShift = 2 }, 64, 12, Shape(x)),
        "add-constant" => AddConstant(x),
        "concat" => Append(o => new ConcatStep { Name = "concat", Output = o, Operands = [x, x], Shifts = [0, 0], Axis = 1 }, 16, 9, 1, 2 * channels, height, width),
        "pad" => Append(o => new PadStep { Name = "pad", Output = o, Input = x, Pads = [0, 0, 1, 0, 0, 0, 2, 3], Value = 5 }, 16, 9, 1, channels, height + 3, width + 3),
        "slice" => Append(o => new SliceStep { Name = "slice", Output = o, Input = x, Starts = [0, channels - 1, 0, 0], Steps = [1, -1, 1, 1] }, 16, 9, Shape(x)),
        "transpose" => Append(o => new TransposeStep { Name = "transpose", Output = o, Input = x, Permutation = [0, 2, 3, 1] }, 16, 9, 1, height, width, channels),
        "range-check" => RangeCheck(x),
        "reshape" => Append(o => new ReshapeStep { Name = "reshape", Output = o, Input = x }, 16, 9, 1, channels * height * width),
        _ => throw new ArgumentException($"Unknown kind '{kind}'.", nameof(kind)),
    };

    private int Convolution(int x, int channels, int height, int width, int groups, int stride)
    {
        int outputs = groups * Size(4), kernelHeight = Math.Min(height, Size(3)), kernelWidth = Math.Min(width, Size(3)), pad = _random.Next(2);
        ConvolutionGeometry geometry = new()
        {
            InputChannels = channels,
            InputHeight = height,
            InputWidth = width,
            OutputChannels = outputs,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = stride,
            StrideWidth = stride,
            PadTop = pad,
            PadLeft = pad,
            PadBottom = pad,
            PadRight = pad,
            Groups = groups,
        };
        _weights.Add(Tensor("w", [outputs, channels / groups, kernelHeight, kernelWidth], -1, 1));
        _weights.Add(Tensor("b", [outputs], -9, 9));
        return Append(
            o => new ConvolutionStep
            {
                Name = "linear",
                Output = o,
                Input = x,
                Weight = 0,
                Bias = 1,
                Geometry = geometry,
                Rlwe = new RlweSettings { Degree = 4096, PrimeCount = 3, WeightNormBits = 8, FloodBits = 60 },
            },
            32, 22, 1, outputs, geometry.OutputHeight, geometry.OutputWidth);
    }

    private int NonLinear(int x, Activation activation, bool pooled, NonLinearMethod method = NonLinearMethod.Garbled)
    {
        int[] shape = Shape(x);
        PoolGeometry? pool = !pooled ? null : new PoolGeometry
        {
            Planes = shape[1],
            InputHeight = shape[2],
            InputWidth = shape[3],
            OutputHeight = (shape[2] + 1) / 2,
            OutputWidth = (shape[3] + 1) / 2,
            KernelHeight = Math.Min(2, shape[2]),
            KernelWidth = Math.Min(2, shape[3]),
            StrideHeight = 2,
            StrideWidth = 2,
        };
        int shift = _random.Next(5);
        return Append(
            o => new NonLinearStep { Name = "act", Output = o, Input = x, InputBits = 9, Shift = shift, Activation = activation, Lower = -2, Upper = 5, Pool = pool, Method = method },
            Math.ScaleB(16, -shift), 9 - shift, 1, shape[1], pool?.OutputHeight ?? shape[2], pool?.OutputWidth ?? shape[3]);
    }

    private int SharedSign(int x, NonLinearMethod method = NonLinearMethod.Garbled)
    {
        int count = _values[x].Count, decisions = Size(count);
        int[] groups = [.. Enumerable.Range(0, count).Select(i => i < decisions ? i : _random.Next(decisions))];
        return Append(o => new SharedSignStep { Name = "sign", Output = o, Input = x, Decision = x, DecisionBits = 9, Groups = IndexMap.Of(groups), Method = method }, 16, 9, Shape(x));
    }

    // Inputs are multiples of 16, so that the division has no choice.
    private int RangeCheck(int x)
    {
        int shift = _random.Next(5), lower = -_random.Next(256 >> shift);
        return Append(o => new RangeCheckStep { Name = "check", Output = o, Checked = [x], Lower = [lower], Upper = [_random.Next(lower, 256 >> shift)], Shift = shift }, 1, 2, 1);
    }

    private int Polynomial(int x, int channels, PowerMethod method)
    {
        int degree = _random.Next(2, 9), polynomials = _random.Next(2) == 0 ? 1 : channels;
        int inputShift = method == PowerMethod.Binomial ? 0 : _random.Next(3), resultBits = (8 * degree) + 8;

        // What is divided must not wrap around; what is not, may.
        int outputShift = resultBits <= _ringBits - 2 ? _random.Next(1, 5) : 0, powerBits = 0, bits = Math.Min(resultBits, _ringBits - 2) - outputShift;
        if (method != PowerMethod.Binomial && _random.Next(3) > 0)
        {
            powerBits = _random.Next(resultBits + 2, _random.Next(2) == 0 ? 129 : Math.Max(resultBits + 3, 65));
            outputShift = Math.Max(0, resultBits - _ringBits) + _random.Next(5);
            bits = resultBits - outputShift;
        }

        return Append(
            o => new PolynomialStep
            {
                Name = "poly",
                Output = o,
                Input = x,
                Degree = degree,
                InputShift = inputShift,
                OutputShift = outputShift,
                RingBits = powerBits,
                Method = method,
                Inner = _values[x].Count / polynomials,
                Coefficients = [.. Enumerable.Range(0, polynomials * (degree + 1)).Select(_ => (long)_random.Next(-9, 10))],
            },
            Math.Pow(Math.ScaleB(16, -inputShift), degree) / Math.ScaleB(1, outputShift), bits, Shape(x));
    }

    private int SumPool(int x)
    {
        int[] shape = Shape(x);
        PoolGeometry all = new() { Planes = shape[1], InputHeight = shape[2], InputWidth = shape[3], OutputHeight = 1, OutputWidth = 1, KernelHeight = shape[2], KernelWidth = shape[3] };
        return Append(o => new SumPoolStep { Name = "pool", Output = o, Input = x, Pool = all, Multipliers = [3] }, 48, 18, 1, shape[1], 1, 1);
    }

    private int AddConstant(int x)
    {
        _weights.Add(Tensor("c", Shape(x), -9, 9));
        return Append(o => new AddConstantStep { Name = "constant", Output = o, Input = x, Constant = 0 }, 16, 10, Shape(x));
    }

    private int Append(Func<int, PlanStep> step, double scale, int bits, params int[] shape)
    {
        int output = Value(scale, bits, shape);
        _steps.Add(step(output));
        return output;
    }

    private int Value(double scale, int bits, params int[] shape)
    {
        double limit = (Math.ScaleB(1, bits - 1) - 1) / scale;
        _values.Add(new PlanValue { Name = $"v{_values.Count}", Shape = [.. shape], Scale = scale, Bits = bits, Minimum = -limit, Maximum = limit });
        return _values.Count - 1;
    }

    private WeightTensor Tensor(string name, int[] shape, int minimum, int maximum) => new()
    {
        Name = name,
        Shape = [.. shape],
        Elements = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (long)_random.Next(minimum, maximum + 1))],
    };

    private int[] Shape(int value) => [.. _values[value].Shape];

    private int Size(int largest) => _random.Next(1, largest + 1);
}
