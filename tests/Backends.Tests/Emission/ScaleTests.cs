using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Emission;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests.Emission;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(1f, 12, 10)]
    [InlineData(0.9999f, 12, 10)]
    [InlineData(1.0001f, 12, 10)]
    [InlineData(0.99f, 8, 7)]
    [InlineData(100f, 12, 4)]
    [InlineData(0f, 12, 0)]
    public void Weights_use_their_bits(float largest, int bits, int exponent)
    {
        Assert.Equal(exponent, WeightQuantizer.Exponent([largest, -largest / 2], bits));
        long limit = 1L << (bits - 1);
        Assert.All(WeightQuantizer.Quantize([largest, -largest], exponent), w => Assert.InRange(w, -limit, limit - 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1000)]
    public void The_norm_bound_is_the_smallest_power_that_holds_every_row(long weight)
    {
        int bits = WeightQuantizer.NormBits([weight, weight, 0, 1], 2);
        double norm = Math.Max(1, weight * Math.Sqrt(2));
        Assert.True(norm <= Math.ScaleB(1, bits) && (bits == 0 || norm > Math.ScaleB(1, bits - 1)), $"{norm} and 2^{bits}");
    }

    [Fact]
    public void Scales_with_odd_factors_meet_at_their_least_common_multiple()
    {
        FixedScale a = FixedScale.PowerOfTwo(10).Times(12), b = FixedScale.PowerOfTwo(9).Times(9), common = a.Common(b);
        Assert.Equal(new FixedScale(9, 12), common);
        Assert.Equal((3, 0), a.To(common));
        Assert.Equal((1, 3), b.To(common));
    }

    [Fact]
    public void The_ring_is_as_small_as_the_values_allow()
    {
        // x ≤ 1 at 2^4 and w = 1 at 2^6: the sum of four is 4·16·64 = 2^12, which takes 14 signed bits.
        Net net = new(1, 1, 4);
        Graph graph = net.Then(new MatMul(), net.Constant([4, 1], [1, 1, 1, 1])).Build();
        ExecutionPlan plan = BackendCompiler.Compile(graph, new CompileOptions { ActivationBits = 4, WeightBits = 8, SelectRlwe = TestRlwe.Select }).Plan;
        Assert.Equal(Math.ScaleB(1, 4 + 6), plan.Values[1].Scale);
        Assert.Equal(14, plan.RingBits);
    }

    [Fact]
    public void Half_a_unit_in_the_bias_makes_truncation_round()
    {
        Net net = new Net(3, 1, 8).Dense(8).Relu().Dense(2);
        CompiledModel model = BackendCompiler.Compile(net.Build(), new CompileOptions { SelectRlwe = TestRlwe.Select });
        NonLinearStep relu = model.Plan.Steps.OfType<NonLinearStep>().Single();
        Assert.True(relu.Shift > 0);
        double before = model.Plan.Values[relu.Input].ErrorBound, after = model.Plan.Values[relu.Output].ErrorBound;
        Assert.True(after < before + (1 / model.Plan.Values[relu.Output].Scale), "the error grows by half a unit, not by one");
    }

    [Fact]
    public void A_value_beyond_64_bits_is_named()
    {
        Net net = new(1, 1, 4096);
        Graph graph = net.Dense(16).Build();
        RingOverflowException e = Assert.Throws<RingOverflowException>(
            () => BackendCompiler.Compile(graph, new CompileOptions { ActivationBits = 32, WeightBits = 32, SelectRlwe = TestRlwe.Select }));
        Assert.Contains(e.ValueName, e.Message, StringComparison.Ordinal);
        Assert.Contains("Calibrate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Public_ranges_of_secret_dependent_values_are_coarse()
    {
        ExecutionPlan plan = BackendCompiler.Compile(new Net(9, 1, 8).Dense(8).Build(), new CompileOptions { SelectRlwe = TestRlwe.Select }).Plan;
        foreach (PlanValue value in plan.Values.Skip(1))
        {
            foreach (double end in new[] { value.Minimum, value.Maximum, value.ErrorBound }.Where(x => x != 0))
                Assert.Equal(Math.Floor(Math.ScaleB(end, 3 - Math.ILogB(end))), Math.ScaleB(end, 3 - Math.ILogB(end)));
        }
    }

    [Fact]
    public void An_unknown_backend_is_answered_with_those_there_are()
    {
        Assert.Equal("hybrid", Backend.Find("hybrid").PlanName);
        Assert.Contains("gc", Assert.Throws<ArgumentException>(() => Backend.Find("magic")).Message, StringComparison.Ordinal);
    }
}
