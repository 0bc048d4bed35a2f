using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Correction;

public sealed class RecalibrateTests
{
    [Theory]
    [InlineData("relu-share:patch=2x2,layers=*")]
    [InlineData("relu-share:patch=3x3,layers=*")]
    [InlineData("polynomial:degree=2,layers=*")]
    [InlineData("polynomial:degree=0,ratio=0.3,choose=error,layers=*")]
    public void The_outputs_come_nearer_to_the_original_on_images_that_were_not_seen(string lossy)
    {
        PassResult without = SampleModel.Run(lossy), with = SampleModel.Run(lossy, "recalibrate");

        Assert.True(SampleModel.HeldOutError(with.Graph) < 0.8 * SampleModel.HeldOutError(without.Graph));
        Assert.Equal(GraphSize.Of(without.Graph), GraphSize.Of(with.Graph));
    }

    [Fact]
    public void A_scale_and_an_offset_of_a_channel_are_undone()
    {
        // The pass below replaces Tanh by 0.5·x + 0.1 of it, so the products' channels need twice the scale.
        Graph original = Network(x => x), changed = Network(x => (0.5f * x) + 0.1f);
        PassContext context = PassContext.Default with
        {
            Original = original,
            Calibration = new CalibrationData([.. Enumerable.Range(0, 40).Select(s => RandomNetwork.Elements(new Random(s), 1, 3))]),
        };

        Graph corrected = PassRegistry.Default.Create("recalibrate").Run(changed, context);

        Tensor held = RandomNetwork.Elements(new Random(99), 1, 3);
        float[] expected = FloatInterpreter.Run(original, [held])[0].Floats.ToArray(), actual = FloatInterpreter.Run(corrected, [held])[0].Floats.ToArray();
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-3f));
        Assert.Equal(GraphAssert.Operations(changed), GraphAssert.Operations(corrected));
    }

    [Fact]
    public void Nothing_is_corrected_where_nothing_was_lost()
    {
        PassResult result = SampleModel.Run("relu-after-maxpool", "recalibrate");

        Assert.False(result.Trace[1].Changed);
    }

    [Fact]
    public void Without_an_original_there_is_nothing_to_correct()
    {
        List<string> notes = [];
        Graph graph = Network(x => x);

        Assert.Same(graph, PassRegistry.Default.Create("recalibrate").Run(graph, PassContext.Default with { Note = notes.Add }));
        Assert.Contains("no pass has changed the model", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_the_original_lacks_is_left_and_named()
    {
        PassResult result = SampleModel.Run("relu-share:patch=channel,decide=weights,layers=0", "recalibrate");

        Assert.Contains(result.Trace[1].Notes, n => n.Contains(".decider", StringComparison.Ordinal) && n.StartsWith("left as they are", StringComparison.Ordinal));
    }

    /// <summary>A matrix product of a function's values whose scale and offset a constant weight matrix can undo.</summary>
    private static Graph Network(Func<float, float> change) => Build(b =>
    {
        Value x = b.Input("x", TensorType.Float(1, 3));
        float scale = change(1) - change(0), offset = change(0);
        Value scaled = b.Add(new Binary(BinaryKind.Mul), [x, b.Constant(Tensor.Scalar(scale), "scale")], "scaled");
        Value changed = b.Add(new Binary(BinaryKind.Add), [scaled, b.Constant(Tensor.Scalar(offset), "offset")], "changed");
        Value product = b.Add(new MatMul(), [changed, b.Weights("w", 3, 2)], "product");
        return b.Add(new Binary(BinaryKind.Add), [product, b.Weights("bias", 2)], "y");
    });
}
