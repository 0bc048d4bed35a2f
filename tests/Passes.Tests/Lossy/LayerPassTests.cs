using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Lossy;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Lossy;

public sealed class LayerPassTests
{
    [Fact]
    public void ReLU6_loses_its_upper_bound_and_other_clips_stay()
    {
        Graph graph = Build(b => b.Add(new Clip(-1, 1), [b.Add(new Clip(0, 6), [b.Image(1, 4)], "a", "relu6")]));

        Graph result = Run(new Relu6ToRelu(PassArguments.None), graph);

        Assert.Equal("relu clip", GraphAssert.Operations(result));
        Assert.Equal("relu6", result.Nodes[0].Name);
        Assert.Equal(4, SignDecisions.Count(graph) - SignDecisions.Count(result));
    }

    [Theory]
    [InlineData("false", 2.5f)]
    [InlineData("true", 0.625f)]
    public void An_average_pool_has_the_max_pools_window_and_counts_padding_when_told(string countPadding, float corner)
    {
        SpatialWindow window = SpatialWindow.Create([2, 2], stride: 2, pad: 1);
        Graph graph = Build(b => b.Add(new MaxPool(window, CeilMode: true), [b.Image(1, 1, 3, 3)]));

        Graph result = Run(new MaxPoolToAveragePool(new(Arguments("count-include-pad", countPadding))), graph);

        AveragePool pool = Assert.IsType<AveragePool>(Assert.Single(result.Nodes).Operation);
        Assert.Equal((window, true), (pool.Window, pool.CeilMode));
        Tensor image = Tensor.FromFloats(new Shape(1, 1, 3, 3), [2.5f, 1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.Equal(corner, FloatInterpreter.Run(result, [image])[0].Floats[0]);
        Assert.Equal(0, SignDecisions.Count(result));
    }

    [Fact]
    public void Leaky_and_smooth_activations_become_one_ReLU_each()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Add(new HardSwish(), [b.Add(new LeakyRelu(0.1f), [b.Image(1, 4)])]);
            Value silu = b.Add(new Binary(BinaryKind.Mul), [b.Add(new Sigmoid(), [x]), x]);
            return b.Add(new Unary(UnaryKind.Mish), [silu]);
        });

        Graph result = Run(new ActivationToRelu(PassArguments.None), graph);

        Assert.Equal("relu relu relu relu", GraphAssert.Operations(result));
    }

    [Fact]
    public void Only_selected_activations_are_removed()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Add(new Clip(0, 6), [b.Add(new Relu(), [b.Image(1, 4)], "a", "first")], "c", "second")], "d", "third"));

        Graph result = new RemoveActivation(new(Arguments("layers", "first+-1"))).Run(graph, PassContext.Default);

        Assert.Equal("clip", Assert.Single(result.Nodes).Operation.Name);
        Assert.Equal(graph.Outputs.Select(o => o.Name), result.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void Removing_has_to_be_told_which()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Image(1, 4)], "y", "the-relu"));

        PassException e = Assert.Throws<PassException>(() => new RemoveActivation(PassArguments.None).Run(graph, PassContext.Default));

        Assert.Contains("0 the-relu", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_lossy_pass_leaves_a_sound_graph_with_the_same_signature()
    {
        foreach (Pass pass in PassRegistry.Default.All.Where(p => p.Contract == PassContract.Lossy))
        {
            for (int seed = 0; seed < 60; seed++)
            {
                Graph graph = RandomNetwork.Create(seed), result;
                try
                {
                    result = pass.Run(graph, PassContext.Default);
                }
                catch (PassException)
                {
                    continue; // It needs more than the graph, or does not apply to such graphs.
                }

                IR.Verification.GraphVerifier.Require(result);
                Assert.True(graph.Inputs.SequenceEqual(result.Inputs), $"{pass.Name}, seed {seed}: other inputs");
                Assert.Equal(graph.Outputs.Select(v => (v.Name, v.Type)), result.Outputs.Select(v => (v.Name, v.Type)));
                Assert.True(SignDecisions.Count(result) <= SignDecisions.Count(graph), $"{pass.Name}, seed {seed}");
            }
        }
    }
}
