using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Operators;

/// <summary>What the published cases leave out. Queries of 0 see all allowed keys alike.</summary>
public class AttentionTests
{
    private const float Hidden = float.NegativeInfinity;

    private static readonly float[] _zeroQueries = [0, 0, 0];

    [Fact]
    public void A_causal_query_sees_past_keys_and_those_up_to_its_own()
        => Assert.Equal([2f, 3f, 4f], Model(23).Floats("pk", [1, 1, 1, 1], 0).Floats("pv", [1, 1, 1, 1], 1)
            .Node("Attention", "q k v _ pk pv", "y", ("is_causal", 1)).Output("y").Run(_zeroQueries).Floats);

    [Fact]
    public void A_window_bounds_the_keys_on_both_sides()
        => Assert.Equal([4f, 5f, 6f], Model(25).Node("Attention", "q k v", "y", ("left_window_size", 1), ("right_window_size", 1)).Output("y").Run(_zeroQueries).Floats);

    [Fact]
    public void A_query_that_may_see_no_key_gives_zero_and_not_NaN()
        => Assert.Equal([0f, 3f, 7f], Model(23).Floats("m", [3, 3], Hidden, Hidden, Hidden, 0, Hidden, Hidden, Hidden, Hidden, 0)
            .Node("Attention", "q k v m", "y").Output("y").Run(_zeroQueries).Floats);

    [Fact]
    public void A_mask_that_the_model_computes_hides_keys_too()
    {
        Graph graph = Model(23).Input("m", DataType.Bool, 3, 3).Node("Attention", "q k v m", "y").Output("y").Import().Graph;
        Tensor mask = Tensor.FromIntegers(new TensorType(ElementType.Bool, new Shape(3, 3)), [0, 0, 0, 1, 0, 0, 1, 0, 1]);
        Tensor result = Assert.Single(FloatInterpreter.Run(graph, [Tensor.FromFloats(new Shape(1, 1, 3, 1), _zeroQueries), mask]));
        Assert.Equal([0f, 3f, 5f], result.Floats);
    }

    [Fact]
    public void A_soft_cap_comes_before_the_mask_since_operator_set_25()
        => Assert.Equal([3f, 4f, 5f], Capped(25).Run(_zeroQueries).Floats);

    [Fact]
    public void A_soft_cap_with_a_mask_is_refused_where_definitions_differ()
        => Capped(24).AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void Heads_that_do_not_divide_the_features_are_refused()
        => new OnnxModelBuilder(23).Input("x", 1, 2, 3).Node("Attention", "x x x", "y", ("q_num_heads", 2), ("kv_num_heads", 2)).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void A_past_key_without_a_value_is_refused()
        => Model(23).Floats("pk", [1, 1, 1, 1], 0).Node("Attention", "q k v _ pk", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void Positions_turn_the_features_of_each_head()
        => Assert.Equal([-2f, 1f, -4f, 3f], new OnnxModelBuilder(23).Input("x", 1, 1, 4).Floats("c", [2, 1], 1, 0).Floats("s", [2, 1], 0, 1)
            .Initializer(OnnxModelBuilder.Tensor("p", [1, 1], 1L)).Node("RotaryEmbedding", "x c s p", "y", ("num_heads", 2)).Output("y").Run(1, 2, 3, 4).Floats);

    [Fact]
    public void A_position_outside_the_table_is_refused()
        => new OnnxModelBuilder(23).Input("x", 1, 1, 1, 2).Weights("c", 2, 1).Initializer(OnnxModelBuilder.Tensor("p", [1, 1], 2L))
            .Node("RotaryEmbedding", "x c c p", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    private static OnnxModelBuilder Capped(int opset)
        => Model(opset).Node("Attention", "q k v", "y", ("is_causal", 1), ("softcap", 2f)).Output("y");

    private static OnnxModelBuilder Model(int opset)
        => new OnnxModelBuilder(opset).Input("q", 1, 1, 3, 1).Floats("k", [1, 1, 3, 1], 1, 1, 1).Floats("v", [1, 1, 3, 1], 3, 5, 7);
}
