using System.Collections.Immutable;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>
/// Convolution, constant, ReLU, one that shares its decisions by channel, and an output that opens the result: small enough
/// to run hundreds of times, with weights and an input whose bytes are too many and too irregular to occur anywhere by chance.
/// </summary>
internal static class SecretPlan
{
    public const int RingBits = 30;
    public const double InputScale = 64, WeightScale = 128;
    public const int LinearStep = 1, ReluStep = 3, SharedSignStep = 4, OutputStep = 5;

    private static readonly ConvolutionGeometry s_geometry = new()
    {
        InputChannels = 1,
        InputHeight = 6,
        InputWidth = 6,
        OutputChannels = 4,
        KernelHeight = 3,
        KernelWidth = 3,
        StrideHeight = 2,
        StrideWidth = 2,
    };

    public static ModelWeights Weights { get; } = new()
    {
        Tensors =
        [
            Tensor("kernel", [4, 1, 3, 3], 127, seed: 11),
            Tensor("bias", [4], 1 << 18, seed: 12),
            Tensor("constant", [1, 4, 2, 2], 1 << 18, seed: 13),
        ],
    };

    /// <summary>The one input of all runs; exact at the input's scale.</summary>
    public static float[] Input { get; } = [.. Integers(36, 2000, seed: 14).Select(i => (float)(i / InputScale))];

    public static ExecutionPlan Plan { get; } = new()
    {
        Name = "secrets",
        Backend = "gc",
        RingBits = RingBits,
        Values =
        [
            Value("x", InputScale, 12, 6, 1),
            Value("product", InputScale * WeightScale, 24, 2, 4),
            Value("sum", InputScale * WeightScale, 24, 2, 4),
            Value("relu", InputScale, 17, 2, 4),
            Value("shared", InputScale, 17, 2, 4),
            Value("y", InputScale, 17, 2, 4),
        ],
        Steps =
        [
            new InputStep { Name = "x", Output = 0 },
            new ConvolutionStep
            {
                Name = "conv",
                Output = 1,
                Input = 0,
                Weight = 0,
                Bias = 1,
                Geometry = s_geometry,
                Rlwe = NoiseBudget.Choose(s_geometry, RingBits, weightNormBits: 9),
            },
            new AddConstantStep { Name = "constant", Output = 2, Input = 1, Constant = 2 },
            new NonLinearStep { Name = "relu", Output = 3, Input = 2, InputBits = 24, Shift = 7, Activation = Activation.Relu },
            new SharedSignStep { Name = "shared", Output = 4, Input = 3, Decision = 2, DecisionBits = 24, Groups = IndexMap.Of([.. Enumerable.Range(0, 16).Select(i => i / 4 * 4)]) },
            new OutputStep { Name = "y", Output = 5, Input = 4 },
        ],
        WeightsDigest = WeightsSerializer.Digest(Weights),
    };

    /// <summary>The same with the ReLU by oblivious transfer.</summary>
    public static ExecutionPlan PlanByTransfer { get; } = Plan with
    {
        Steps = Plan.Steps.SetItem(ReluStep, (NonLinearStep)Plan.Steps[ReluStep] with { Method = NonLinearMethod.ObliviousTransfer }),
    };

    /// <summary>The latter with a check of the ReLU's input and the result, which passes.</summary>
    public static ExecutionPlan CheckedPlan { get; } = PlanByTransfer with
    {
        Values = PlanByTransfer.Values.Insert(5, new PlanValue { Name = "check", Shape = [1], Scale = 1, Bits = 2, Minimum = 0, Maximum = 1 }),
        Steps =
        [
            .. PlanByTransfer.Steps[..5],
            new RangeCheckStep { Name = "check", Output = 5, Checked = [2, 4], Lower = [-(1 << 23), 0], Upper = [1 << 23, 1 << 16] },
            new OutputStep { Name = "y", Output = 6, Input = 4 },
        ],
    };

    private static PlanValue Value(string name, double scale, int bits, int side, int channels)
    {
        double limit = ((1 << (bits - 1)) - 1) / scale;
        return new PlanValue { Name = name, Shape = [1, channels, side, side], Scale = scale, Bits = bits, Minimum = -limit, Maximum = limit, ErrorBound = 0.5 };
    }

    private static WeightTensor Tensor(string name, ImmutableArray<int> shape, int magnitude, int seed)
        => new() { Name = name, Shape = shape, Elements = [.. Integers(shape.Aggregate(1, (a, b) => a * b), magnitude, seed)] };

    private static IEnumerable<long> Integers(int count, int magnitude, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(-magnitude, magnitude + 1))];
    }
}
