using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests.Emission;

public sealed class ProtocolChoiceTests
{
    [Theory]
    [InlineData("lan")]
    [InlineData("wan")]
    [InlineData("mobile")]
    public void Large_activations_are_computed_by_oblivious_transfer_and_the_plan_is_faster(string network)
    {
        ExecutionPlan hybrid = Compile("hybrid", network, channels: 32), garbled = Compile("gc", network, channels: 32);
        Assert.All(NonLinear(hybrid), s => Assert.Equal(NonLinearMethod.ObliviousTransfer, s.Method));
        Assert.All(NonLinear(garbled), s => Assert.Equal(NonLinearMethod.Garbled, s.Method));
        Assert.True(Seconds(hybrid, network) < Seconds(garbled, network));
        Assert.Equal(("hybrid", "gc"), (hybrid.Backend, garbled.Backend));
    }

    [Theory]
    [InlineData("lan")]
    [InlineData("wan")]
    public void A_few_elements_are_garbled(string network)
        => Assert.All(NonLinear(Compile("hybrid", network, channels: 1, size: 3)), s => Assert.Equal(NonLinearMethod.Garbled, s.Method));

    [Fact]
    public void Each_step_gets_its_own_method()
    {
        Graph graph = new Net(3, 1, 3, 32, 32).Conv(32, Net.Window(3, 1, 1)).Relu().Conv(1, Net.Window(32)).Relu().Flatten().Dense(4).Build();
        NonLinearStep[] steps = [.. NonLinear(BackendCompiler.Compile(graph, new CompileOptions { Network = NetworkProfile.Resolve("wan") }).Plan)];
        Assert.Equal([NonLinearMethod.ObliviousTransfer, NonLinearMethod.Garbled], steps.Select(s => s.Method));
    }

    [Fact]
    public void A_ring_that_a_max_pool_fills_gets_the_bit_that_differences_need()
    {
        Graph graph = new Net(3, 1, 3, 32, 32).Conv(32, Net.Window(3, 1, 1)).Relu().MaxPool(2, 2).Build();
        ExecutionPlan garbled = BackendCompiler.Compile(graph, new CompileOptions { Backend = "gc" }).Plan, hybrid = BackendCompiler.Compile(graph, new CompileOptions()).Plan;
        Assert.Equal(garbled.RingBits, NonLinear(garbled).Single().InputBits);
        Assert.Equal(garbled.RingBits + 1, hybrid.RingBits);
        Assert.Equal(NonLinearMethod.ObliviousTransfer, NonLinear(hybrid).Single().Method);
    }

    [Fact]
    public void A_large_clip_is_computed_by_oblivious_transfer_and_a_ring_it_fills_gets_the_bit_it_needs()
    {
        Net net = new(3, 1, 3, 32, 32);
        net.Conv(32, Net.Window(3, 1, 1));
        Graph graph = net.Then(new Clip(0, 6)).Build();
        ExecutionPlan garbled = BackendCompiler.Compile(graph, new CompileOptions { Backend = "gc" }).Plan, hybrid = BackendCompiler.Compile(graph, new CompileOptions()).Plan;
        Assert.Equal(garbled.RingBits, NonLinear(garbled).Single().InputBits);
        Assert.Equal(garbled.RingBits + 1, hybrid.RingBits);
        Assert.Equal((Activation.Clip, NonLinearMethod.ObliviousTransfer), (NonLinear(hybrid).Single().Activation, NonLinear(hybrid).Single().Method));
    }

    [Fact]
    public void Compiling_twice_gives_the_same_plan()
        => Assert.Equal(PlanSerializer.Write(Compile("hybrid", "lan", 8)), PlanSerializer.Write(Compile("hybrid", "lan", 8)));

    private static ExecutionPlan Compile(string backend, string network, int channels, int size = 32)
    {
        Graph graph = new Net(3, 1, 3, size, size).Conv(channels, Net.Window(3, 1, 1)).Relu().Flatten().Dense(4).Build();
        return BackendCompiler.Compile(graph, new CompileOptions { Backend = backend, Network = NetworkProfile.Resolve(network) }).Plan;
    }

    private static IEnumerable<NonLinearStep> NonLinear(ExecutionPlan plan) => plan.Steps.OfType<NonLinearStep>();

    private static double Seconds(ExecutionPlan plan, string network)
    {
        TimeReport time = PlanCosts.Report(plan, HostProfile.Reference, NetworkProfile.Resolve(network)).Time!;
        return time.SetupSeconds + time.OfflineSeconds + time.OnlineSeconds;
    }
}
