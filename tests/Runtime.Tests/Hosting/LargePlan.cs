using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>A plan whose garbled tables, some 20 MB, exceed what sockets buffer.</summary>
internal static class LargePlan
{
    private const int Side = 112;

    private static readonly ConvolutionGeometry s_geometry = new()
    {
        InputChannels = 1,
        InputHeight = Side,
        InputWidth = Side,
        OutputChannels = 1,
        KernelHeight = 1,
        KernelWidth = 1,
    };

    public static ModelWeights Weights { get; } = new()
    {
        Tensors = [new WeightTensor { Name = "w", Shape = [1, 1, 1, 1], Elements = [-3] }],
    };

    public static ExecutionPlan Plan { get; } = new()
    {
        Name = "large",
        Backend = "gc",
        RingBits = 20,
        Values = [Value("x", 8), Value("product", 11), Value("relu", 11), Value("y", 11)],
        Steps =
        [
            new InputStep { Name = "x", Output = 0 },
            new ConvolutionStep
            {
                Name = "conv",
                Output = 1,
                Input = 0,
                Weight = 0,
                Geometry = s_geometry,
                Rlwe = NoiseBudget.Choose(s_geometry, ringBits: 20, weightNormBits: 2),
            },
            new NonLinearStep { Name = "relu", Output = 2, Input = 1, InputBits = 20, Shift = 0, Activation = Activation.Relu },
            new OutputStep { Name = "y", Output = 3, Input = 2 },
        ],
        WeightsDigest = WeightsSerializer.Digest(Weights),
    };

    private static PlanValue Value(string name, int bits)
    {
        double limit = (1 << (bits - 1)) - 1;
        return new PlanValue { Name = name, Shape = [1, 1, Side, Side], Scale = 1, Bits = bits, Minimum = -limit, Maximum = limit, ErrorBound = 0.5 };
    }
}
