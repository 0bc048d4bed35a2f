using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class ConvolutionTests
{
    [Fact]
    public void A_convolution_correlates_and_adds_the_bias()
    {
        Tensor result = FloatInterpreter.Evaluate(
            new Conv(SpatialWindow.Create([2, 2])), [Range(1, 1, 3, 3), F([1, 1, 2, 2], 1, 2, 3, 4), F([1], 100)]);

        AssertClose([127, 137, 157, 167], result);
    }

    [Fact]
    public void Padding_counts_as_zero()
    {
        Tensor result = FloatInterpreter.Evaluate(
            new Conv(SpatialWindow.Create([3], pad: 1)), [F([1, 1, 2], 1, 2), F([1, 1, 3], 10, 100, 1000)]);

        AssertClose([2100, 210], result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_convolution_is_one_chain_of_fused_multiply_adds_whatever_its_geometry(int spatialRank)
    {
        Random random = new(spatialRank);
        for (int trial = 0; trial < 60; trial++)
        {
            SpatialWindow window = RandomWindow.Next(random, spatialRank);
            int groups = random.Next(1, 4), channels = groups * random.Next(1, 4), filters = groups * random.Next(1, 7);
            Conv conv = new(window, groups);
            Tensor x = TestTensors.Random(random, [random.Next(1, 3), channels, .. RandomWindow.Sizes(random, window)]);
            Tensor weight = TestTensors.Random(random, [filters, channels / groups, .. window.Kernel]);
            Tensor bias = TestTensors.Random(random, filters);
            Tensor[] inputs = random.Next(2) == 0 ? [x, weight] : [x, weight, bias];

            Tensor result = FloatInterpreter.Evaluate(conv, inputs);

            Assert.Equal(Reference(conv, inputs, result.Shape), result.Floats.ToArray());
        }
    }

    [Fact]
    public void The_sample_networks_layers_equal_the_reference()
    {
        Random random = new(7);
        Conv conv = new(SpatialWindow.Create([3, 3], pad: 1));
        Tensor[] inputs = [TestTensors.Random(random, 1, 32, 14, 14), TestTensors.Random(random, 64, 32, 3, 3), TestTensors.Random(random, 64)];

        Tensor result = FloatInterpreter.Evaluate(conv, inputs);

        Assert.Equal(Reference(conv, inputs, result.Shape), result.Floats.ToArray());
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result()
        => Assert.Equal(
            new Shape(0, 1, 2, 2),
            FloatInterpreter.Evaluate(new Conv(SpatialWindow.Create([2, 2])), [F([0, 1, 3, 3]), F([1, 1, 2, 2], 1, 2, 3, 4)]).Shape);

    private static float[] Reference(Conv conv, Tensor[] inputs, Shape output)
    {
        SpatialWindow window = conv.Window;
        int channels = inputs[1].Shape[1], filtersPerGroup = output[1] / conv.Groups;
        List<float> result = [];
        foreach (int[] o in Positions.Of([.. output.Dimensions]))
        {
            float sum = inputs.Length > 2 ? inputs[2].Floats[o[1]] : 0;
            foreach (int[] tap in Positions.Of([channels, .. window.Kernel]))
            {
                int[] at = [o[0], (o[1] / filtersPerGroup * channels) + tap[0], .. Enumerable.Range(0, window.Rank).Select(
                    axis => (o[axis + 2] * window.Strides[axis]) + (tap[axis + 1] * window.Dilations[axis]) - window.PadBegin(axis))];
                sum = MathF.FusedMultiplyAdd(Positions.At(inputs[1], [o[1], .. tap])!.Value, Positions.At(inputs[0], at) ?? 0, sum);
            }

            result.Add(sum);
        }

        return [.. result];
    }
}
