using PrivateInference.Backends.Diagnostics;
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
        Assert.Equal([NonLinearMethod.ObliviousTransfer, NonLinearMethod.Garbled], NonLinear(TwoRelus()).Select(s => s.Method));
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

    [Theory]
    [InlineData("lan", 4)]
    [InlineData("wan", 2)]
    public void Many_shared_decisions_are_made_by_oblivious_transfer_and_cost_less_than_one_for_each_element(string network, int patch)
    {
        ExecutionPlan plain = Conv(net => net.Relu()), shared = Conv(net => SharedNetworks.ShareByElement(net, patch, maskFirst: false));
        Assert.Equal(NonLinearMethod.ObliviousTransfer, shared.Steps.OfType<SharedSignStep>().Single().Method);
        Assert.True(PlanCosts.Report(shared).Total.Online.TotalBytes < PlanCosts.Report(plain).Total.Online.TotalBytes);

        ExecutionPlan Conv(Func<Net, Net> activate) => BackendCompiler.Compile(
            activate(new Net(3, 1, 3, 32, 32).Conv(32, Net.Window(3, 1, 1))).Build(), new CompileOptions { Network = NetworkProfile.Resolve(network) }).Plan;
    }

    [Fact]
    public void An_override_decides_in_the_place_of_time_for_one_step_or_all()
    {
        NonLinearMethod gc = NonLinearMethod.Garbled, ot = NonLinearMethod.ObliviousTransfer;
        string[] names = [.. NonLinear(TwoRelus()).Select(s => s.Name)];
        Assert.Equal([ot, gc], Methods());
        Assert.Equal([gc, gc], Methods(new ProtocolOverride(names[0], gc)));
        Assert.Equal([ot, ot], Methods(new ProtocolOverride(names[1], ot)));
        Assert.Equal([gc, gc], Methods(new ProtocolOverride(null, gc)));
        Assert.Equal([ot, ot], Methods(new ProtocolOverride(null, ot)));
        Assert.Equal([ot, gc], Methods(new ProtocolOverride(names[0], ot), new ProtocolOverride(null, gc)));

        IEnumerable<NonLinearMethod> Methods(params ProtocolOverride[] overrides) => NonLinear(TwoRelus(overrides)).Select(s => s.Method);
    }

    [Fact]
    public void An_override_that_means_nothing_is_an_error_that_says_what_does()
    {
        string[] names = [.. NonLinear(TwoRelus()).Select(s => s.Name)];
        string unknown = Assert.Throws<ProtocolOverrideException>(() => TwoRelus(new ProtocolOverride("conv", NonLinearMethod.Garbled))).Message;
        Assert.Contains("'conv'", unknown, StringComparison.Ordinal);
        Assert.All(names, n => Assert.Contains(n, unknown, StringComparison.Ordinal));

        CompileOptions garbled = new() { Backend = "gc", Protocols = [new ProtocolOverride(null, NonLinearMethod.ObliviousTransfer)] };
        Assert.Contains("'hybrid'", Assert.Throws<ProtocolOverrideException>(() => BackendCompiler.Compile(new Net(1, 1, 4).Relu().Build(), garbled)).Message, StringComparison.Ordinal);

        Graph noisy = SharedNetworks.ShareByMean(new Net(3, 1, 3, 8, 8).Conv(4, Net.Window(3, 1, 1)), 4, maskFirst: false, new RandomFlip(0.25f)).Build();
        SharedSignStep step = BackendCompiler.Compile(noisy, new CompileOptions()).Plan.Steps.OfType<SharedSignStep>().Single();
        CompileOptions impossible = new() { Protocols = [new ProtocolOverride(step.Name, NonLinearMethod.ObliviousTransfer)] };
        Assert.Contains($"'{step.Name}'", Assert.Throws<ProtocolOverrideException>(() => BackendCompiler.Compile(noisy, impossible)).Message, StringComparison.Ordinal);
        Assert.Equal(NonLinearMethod.Garbled, step.Method);
    }

    [Fact]
    public void Activations_of_parallel_branches_share_their_rounds()
    {
        ExecutionPlan one = Branches(1), three = Branches(3);
        Assert.Equal(3, NonLinear(three).Count());
        Assert.All(NonLinear(three), s => Assert.Equal(NonLinearMethod.ObliviousTransfer, s.Method));
        Assert.Equal(PlanCosts.Report(one).Total.Online.Rounds, PlanCosts.Report(three).Total.Online.Rounds);

        static ExecutionPlan Branches(int count)
        {
            Net net = new(3, 1, 3, 32, 32);
            Value input = net.Value;
            Value[] branches = [.. Enumerable.Range(0, count).Select(i => net.At(input).Conv(8, Net.Window(i == 0 ? 1 : 3, 1, i == 0 ? 0 : 1)).Relu().Value)];
            Graph graph = (count == 1 ? net : net.At(branches[0]).Then(new Concat(1), branches[1..])).Build();
            return BackendCompiler.Compile(graph, new CompileOptions { Network = NetworkProfile.Resolve("wan"), Protocols = [new ProtocolOverride(null, NonLinearMethod.ObliviousTransfer)] }).Plan;
        }
    }

    [Theory]
    [InlineData("gc")]
    [InlineData("poly")]
    public void Garbled_activations_and_polynomials_of_parallel_branches_share_their_rounds(string backend)
    {
        Assert.Equal(1 + 2 + 1, Rounds(1));
        Assert.Equal(1 + 2 + 1, Rounds(3));

        int Rounds(int count)
        {
            Net net = new(3, 1, 3, 8, 8);
            Value input = net.Value;
            Value[] branches = [.. Enumerable.Range(0, count).Select(i => Activate(net.At(input).Conv(4 + i, Net.Window(i == 0 ? 1 : 3, 1, i == 0 ? 0 : 1))).Value)];
            Graph graph = (count == 1 ? net : net.At(branches[0]).Then(new Concat(1), branches[1..])).Build();
            return PlanCosts.Report(BackendCompiler.Compile(graph, new CompileOptions { Backend = backend }).Plan).Total.Online.Rounds;
        }

        Net Activate(Net net) => backend == "gc" ? net.Relu() : net.Then(new Polynomial(1), net.Constant([1, 3], [0.1f, 0.5f, 0.2f]));
    }

    [Fact]
    public void Compiling_twice_gives_the_same_plan()
        => Assert.Equal(PlanSerializer.Write(Compile("hybrid", "lan", 8)), PlanSerializer.Write(Compile("hybrid", "lan", 8)));

    private static ExecutionPlan TwoRelus(params ProtocolOverride[] overrides)
    {
        Graph graph = new Net(3, 1, 3, 32, 32).Conv(32, Net.Window(3, 1, 1)).Relu().Conv(1, Net.Window(32)).Relu().Flatten().Dense(4).Build();
        return BackendCompiler.Compile(graph, new CompileOptions { Network = NetworkProfile.Resolve("wan"), Protocols = [.. overrides] }).Plan;
    }

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
