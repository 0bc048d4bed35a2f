using PrivateInference.Benchmarks.Kernels;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>
/// Plans of one layer in a ring of 37 bits, which the literature reports. A slice keeps one element of the result, so that
/// opening it costs nothing.
/// </summary>
internal static class LayerCases
{
    private const double Limit = 1000;
    private const int Samples = 20;

    public static IEnumerable<(string Name, Func<MeasuredCase> Build)> All =>
    [
        ("ReLU, 2^16", () => NonLinear("ReLU, 2^16", Activation.Relu, pool: null, [1, 64, 32, 32], [1, 64, 32, 32])),
        ("max pool 2×2 on 64×32×32", () => NonLinear("max pool 2×2 on 64×32×32", Activation.None, Pool(64, 32), [1, 64, 32, 32], [1, 64, 16, 16])),
        ("ReLU by OT, 2^16", () => NonLinear("ReLU by OT, 2^16", Activation.Relu, pool: null, [1, 64, 32, 32], [1, 64, 32, 32], NonLinearMethod.ObliviousTransfer)),
        ("ReLU by OT, 2^17", () => NonLinear("ReLU by OT, 2^17", Activation.Relu, pool: null, [1, 128, 32, 32], [1, 128, 32, 32], NonLinearMethod.ObliviousTransfer)),
        ("max pool by OT, 2×2 on 64×32×32", () => NonLinear("max pool by OT, 2×2 on 64×32×32", Activation.None, Pool(64, 32), [1, 64, 32, 32], [1, 64, 16, 16], NonLinearMethod.ObliviousTransfer)),
        ("shared signs of 2×2 patches on 64×32×32", () => SharedSign("shared signs of 2×2 patches on 64×32×32", patch: 2)),
        ("signs apart from values, 2^16", () => SharedSign("signs apart from values, 2^16", patch: 1)),
        ("polynomial of degree 4, 2^18", () => Polynomial("polynomial of degree 4, 2^18")),
        .. LayerShapes.All.Select(l => (l.Key, (Func<MeasuredCase>)(() => Linear(l.Key, l.Value)))),
    ];

    private static MeasuredCase NonLinear(string name, Activation activation, PoolGeometry? pool, int[] shape, int[] outputShape, NonLinearMethod method = NonLinearMethod.Garbled)
        => Assemble(name, shape, outputShape, new ModelWeights { Tensors = [] }, new NonLinearStep
        {
            Name = "layer",
            Input = 0,
            Output = 1,
            // Maxima by oblivious transfer need a bit to spare in the ring.
            InputBits = LayerShapes.RingBits - (pool is null ? 0 : 1),
            Shift = 0,
            Activation = activation,
            Pool = pool,
            Method = method,
        }, LayerShapes.RingBits - (pool is null ? 0 : 1));

    /// <summary>The upper left element of each patch decides about the patch.</summary>
    private static MeasuredCase SharedSign(string name, int patch)
    {
        const int Size = 32;
        int[] shape = [1, 64, Size, Size];
        return Assemble(name, shape, shape, new ModelWeights { Tensors = [] }, new SharedSignStep
        {
            Name = "layer",
            Input = 0,
            Decision = 0,
            Output = 1,
            DecisionBits = LayerShapes.RingBits,
            Groups = IndexMap.Of([.. Enumerable.Range(0, 64 * Size * Size).Select(i => i - (i % patch) - (i / Size % patch * Size))]),
        });
    }

    /// <summary>In the ring of 64 bits, without divisions: two words an element.</summary>
    private static MeasuredCase Polynomial(string name)
    {
        const int LargestRing = 64;
        int[] shape = [1, 256, 32, 32];
        MeasuredCase measured = Assemble(name, shape, shape, new ModelWeights { Tensors = [] }, new PolynomialStep
        {
            Name = "layer",
            Input = 0,
            Output = 1,
            Degree = 4,
            Inner = shape.Aggregate((a, b) => a * b),
            Coefficients = [322, 512, 160, 0, -3],
        });
        return measured with { Plan = measured.Plan with { RingBits = LargestRing } };
    }

    private static MeasuredCase Linear(string name, ConvolutionGeometry g)
    {
        WeightTensor weights = new()
        {
            Name = "weights",
            Shape = [g.OutputChannels, g.InputChannels, g.KernelHeight, g.KernelWidth],
            Elements = [.. LayerShapes.Weights(g)],
        };
        int[] shape = [1, g.InputChannels, g.InputHeight, g.InputWidth], output = [1, g.OutputChannels, g.OutputHeight, g.OutputWidth];
        return Assemble(name, shape, output, new ModelWeights { Tensors = [weights] }, new ConvolutionStep
        {
            Name = "layer",
            Input = 0,
            Output = 1,
            Geometry = g,
            Weight = 0,
            Rlwe = NoiseBudget.Choose(g, LayerShapes.RingBits, LayerShapes.WeightNormBits(g)),
        });
    }

    private static MeasuredCase Assemble(string name, int[] inputShape, int[] outputShape, ModelWeights weights, PlanStep layer, int bits = LayerShapes.RingBits)
    {
        ExecutionPlan plan = new()
        {
            Name = name,
            Backend = "gc",
            RingBits = LayerShapes.RingBits,
            Values = [Value("input", inputShape, bits), Value("layer", outputShape, bits), Value("slice", [1, 1, 1, 1], bits), Value("output", [1, 1, 1, 1], bits)],
            Steps =
            [
                new InputStep { Name = "input", Output = 0 },
                layer,
                new SliceStep { Name = "slice", Input = 1, Output = 2, Starts = [0, 0, 0, 0], Steps = [1, 1, 1, 1] },
                new OutputStep { Name = "output", Input = 2, Output = 3 },
            ],
            WeightsDigest = WeightsSerializer.Digest(weights),
        };
        return new MeasuredCase(plan, weights, WriteInputs(inputShape), Graph: null);
    }

    private static PlanValue Value(string name, int[] shape, int bits) => new()
    {
        Name = name,
        Shape = [.. shape],
        Scale = 1,
        Bits = bits,
        Minimum = -Limit,
        Maximum = Limit,
    };

    private static PoolGeometry Pool(int planes, int size) => new()
    {
        Planes = planes,
        InputHeight = size,
        InputWidth = size,
        OutputHeight = size / 2,
        OutputWidth = size / 2,
        KernelHeight = 2,
        KernelWidth = 2,
        StrideHeight = 2,
        StrideWidth = 2,
    };

    /// <summary>As many samples as the sample model's image file has; their values do not influence any time.</summary>
    private static string WriteInputs(int[] shape)
    {
        Shape batch = new([Samples, .. shape[1..]]);
        string file = Path.Combine(WorkFolder.Create(), $"{string.Join('x', shape)}.npy");
        NpyWriter.Write(file, Tensor.FromFloats(batch, [.. Enumerable.Range(0, batch.Count).Select(i => (float)((i * 7919L % 2001) - 1000))]));
        return file;
    }
}
