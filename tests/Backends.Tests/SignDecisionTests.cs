using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Tests;

public sealed class SignDecisionTests
{
    [Fact]
    public void A_fused_ReLU_and_max_pool_count_as_their_plan_step_does()
    {
        GraphBuilder builder = new("net");
        Value x = builder.Input("x", TensorType.Float(1, 2, 4, 4));
        Value relu = builder.Add(new Relu(), [x]);
        builder.Output(builder.Add(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [relu]));
        Graph graph = builder.Build();
        long expected = 2 * 2 * 2 * 4;
        Assert.Equal(expected, BackendCompiler.CountSignDecisions(graph));
        CompiledModel compiled = BackendCompiler.Compile(graph, new CompileOptions());
        Assert.Equal(expected, compiled.Plan.Steps.Sum(s => s.ReluCount(compiled.Plan)));
    }

    [Fact]
    public void A_graph_that_does_not_compile_has_no_count()
    {
        GraphBuilder builder = new("net");
        Value x = builder.Input("x", TensorType.Float(1, 4));
        builder.Output(builder.Add(new Binary(BinaryKind.Mul), [x, x]));
        Graph graph = builder.Build();
        Assert.Null(BackendCompiler.CountSignDecisions(graph));
        Assert.Single(BackendCompiler.Check(graph));
    }
}
