using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Plan;

/// <summary>Small plans with one step of every kind, and weights for them.</summary>
internal static class SamplePlans
{
    public static ModelWeights Weights { get; } = new()
    {
        Tensors =
        [
            new WeightTensor { Name = "w", Shape = [2, 1, 2, 2], Elements = [1, -2, 3, 4, -128, 127, 0, 5] },
            new WeightTensor { Name = "b", Shape = [2], Elements = [70000, -3] },
            new WeightTensor { Name = "c", Shape = [1, 2, 1, 1], Elements = [10, -20] },
        ],
    };

    /// <summary>Every kind whose secure result is the clear one bit for bit.</summary>
    public static ExecutionPlan EveryStep { get; } = Build(divides: false);

    /// <summary>The same with noise in one of its shared decisions.</summary>
    public static ExecutionPlan Noisy { get; } = EveryStep with
    {
        Steps = [.. EveryStep.Steps.Select(s => s is SharedSignStep { Turned.IsEmpty: false } shared ? shared with { Noise = new DecisionNoise(8, 51) } : s)],
    };

    /// <summary>Those, then the divisions that round to a neighbour, and a range check.</summary>
    public static ExecutionPlan Dividing { get; } = Build(divides: true);

    private static ExecutionPlan Build(bool divides)
    {
        List<PlanValue> values = [];
        List<PlanStep> steps = [];
        int Value(double scale, int bits, params int[] shape)
        {
            double limit = (Math.ScaleB(1, bits - 1) - 1) / scale;
            values.Add(new PlanValue { Name = $"v{values.Count}", Shape = [.. shape], Scale = scale, Bits = bits, Minimum = -limit, Maximum = limit, ErrorBound = 0.5 });
            return values.Count - 1;
        }

        int x = Value(16, 6, 1, 1, 4, 4);
        steps.Add(new InputStep { Name = "x", Output = x });
        int conv = Value(256, 20, 1, 2, 4, 4);
        steps.Add(new ConvolutionStep
        {
            Name = "conv",
            Output = conv,
            Input = x,
            Weight = 0,
            Bias = 1,
            Geometry = new ConvolutionGeometry { InputChannels = 1, InputHeight = 4, InputWidth = 4, OutputChannels = 2, KernelHeight = 2, KernelWidth = 2, PadTop = 1, PadRight = 1 },
            Rlwe = new RlweSettings { Degree = 4096, PrimeCount = 3, WeightNormBits = 8, FloodBits = 60 },
        });
        int relu = Value(16, 16, 1, 2, 2, 2);
        PoolGeometry half = new() { Planes = 2, InputHeight = 4, InputWidth = 4, OutputHeight = 2, OutputWidth = 2, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2 };
        steps.Add(new NonLinearStep { Name = "relu", Output = relu, Input = conv, InputBits = 20, Shift = 4, Activation = Activation.Relu, Pool = half });
        int clip = Value(8, 15, 1, 2, 2, 2);
        steps.Add(new NonLinearStep { Name = "clip", Output = clip, Input = relu, InputBits = 17, Shift = 1, Activation = Activation.Clip, Lower = -5, Upper = 700 });
        int sum = Value(32, 19, 1, 2, 1, 1);
        PoolGeometry all = new() { Planes = 2, InputHeight = 2, InputWidth = 2, OutputHeight = 1, OutputWidth = 1, KernelHeight = 2, KernelWidth = 2 };
        steps.Add(new SumPoolStep { Name = "pool", Output = sum, Input = clip, Pool = all, Multipliers = [3] });
        int constant = Value(32, 20, 1, 2, 1, 1);
        steps.Add(new AddConstantStep { Name = "bias", Output = constant, Input = sum, Constant = 2 });
        int added = Value(64, 21, 1, 2, 1, 1);
        steps.Add(new AddStep { Name = "add", Output = added, Left = constant, Right = sum, LeftShift = 1, RightShift = 1, Subtract = true });
        int padded = Value(64, 21, 1, 2, 1, 3);
        steps.Add(new PadStep { Name = "pad", Output = padded, Input = added, Pads = [0, 0, 0, 1, 0, 0, 0, 1], Value = -7 });
        int sliced = Value(64, 21, 1, 2, 1, 2);
        steps.Add(new SliceStep { Name = "slice", Output = sliced, Input = padded, Starts = [0, 0, 0, 2], Steps = [1, 1, 1, -1] });
        int turned = Value(64, 21, 1, 2, 2, 1);
        steps.Add(new TransposeStep { Name = "transpose", Output = turned, Input = sliced, Permutation = [0, 3, 1, 2] });
        int flat = Value(64, 21, 1, 4);
        steps.Add(new ReshapeStep { Name = "flatten", Output = flat, Input = turned });
        int joined = Value(128, 22, 1, 8);
        steps.Add(new ConcatStep { Name = "concat", Output = joined, Operands = [flat, flat], Shifts = [1, 1], Axis = 1 });
        int gated = Value(128, 22, 1, 8);
        steps.Add(new SharedSignStep { Name = "share", Output = gated, Input = joined, Decision = relu, DecisionBits = 16, Groups = IndexMap.Of([0, 0, 1, 1, 5, 5, 7, 0]) });
        int signed = Value(128, 22, 1, 8);
        steps.Add(new SharedSignStep { Name = "share-flat", Output = signed, Input = gated, Decision = flat, DecisionBits = 23, Groups = IndexMap.Of([2, 2, 2, 3, 2, 0, 2, 2]), Turned = [0b0110_0010] });
        int cubed = Value(1 << 20, 22, 1, 8);
        steps.Add(new PolynomialStep { Name = "cubed", Output = cubed, Input = signed, Degree = 3, Inner = 4, Coefficients = [5, 0, -1, 1, 0, 2, 1, -1], Method = PowerMethod.Beaver });
        int last = cubed;
        if (divides)
        {
            int shortened = Value(1 << 17, 20, 1, 8);
            steps.Add(new TruncateStep { Name = "shorten", Output = shortened, Input = cubed, Shift = 3 });
            last = Value(1 << 20, 22, 1, 8);
            steps.Add(new PolynomialStep { Name = "divide", Output = last, Input = shortened, Degree = 2, Inner = 8, Coefficients = [0, 16, 1], InputShift = 5, OutputShift = 1, RingBits = 40 });
            int check = Value(1, 2, 1);
            steps.Add(new RangeCheckStep { Name = "check", Output = check, Checked = [shortened, signed], Lower = [-9000, -30], Upper = [9000, 5000], Shift = 2 });
        }

        int output = Value(1 << 20, 22, 1, 8);
        steps.Add(new OutputStep { Name = "y", Output = output, Input = last, Function = OutputFunction.Softmax, Axis = 1 });
        return new ExecutionPlan
        {
            Name = "every-step",
            Backend = "gc",
            RingBits = 24,
            Values = [.. values],
            Steps = [.. steps],
            WeightsDigest = WeightsSerializer.Digest(Weights),
            Labels = ["a", "b"],
        };
    }
}
