using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Plans with non-linear steps by oblivious transfer, alone and beside garbled ones.</summary>
public sealed class ComparisonExecutionTests
{
    private const int Runs = 200;

    /// <summary>Garbled pool and clip, ReLU and truncation by transfer, shared signs, a polynomial, and everything local.</summary>
    private static ExecutionPlan Mixed { get; } = Insert(SamplePlans.EveryStep);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Results_equal_the_clear_result_bit_for_bit_and_messages_the_prediction(bool dealt)
    {
        FixedPointInterpreter interpreter = new(Mixed, SamplePlans.Weights);
        Random random = new(7);
        using SessionPair pair = dealt ? SessionPair.OpenDealt(Mixed, SamplePlans.Weights) : SessionPair.Open(Mixed, SamplePlans.Weights);
        pair.Client.Prepare();
        pair.Client.Prepare();
        for (int run = 0; run < 3; run++)
        {
            float[] input = [.. Enumerable.Range(0, 16).Select(_ => (float)((random.NextDouble() * 3.8) - 1.9))];
            Assert.Equal((IEnumerable<float>)interpreter.Infer(input).Elements, pair.Client.Infer(input).Output);
        }
    }

    [Fact]
    public void The_cost_report_names_the_protocol_and_adds_up_to_what_is_sent()
    {
        using SessionPair pair = SessionPair.Open(Mixed, SamplePlans.Weights);
        pair.Client.Infer(new float[16]);
        CostReport report = PlanCosts.Report(Mixed);
        Assert.Equal(["gc", "gc", "ot", "ot", "gc"], report.Steps.Where(s => s.Protocol is "gc" or "ot").Select(s => s.Protocol));
        Assert.Equal(report.Total.Offline.ClientBytes + report.Total.Online.ClientBytes, pair.ClientStreamBytes);
        Assert.Equal(report.Total.Offline.ServerBytes + report.Total.Online.ServerBytes, pair.ServerStreamBytes);
        StepCost relu = report.Steps.First(s => s.Protocol == "ot");
        Assert.True(relu.Work!.Offline.Client!.Units[Primitive.SilentTransfer] > relu.Work.Offline.Client.Units[Primitive.TransferPad] / 2);
        Assert.True(relu.Storage!.ClientBytes > 0 && relu.Storage.ServerBytes > 0);
    }

    [Fact]
    public void Everything_a_relu_sends_is_uniform_over_runs_on_one_input()
    {
        using SessionPair pair = SessionPair.Open(SecretPlan.PlanByTransfer, SecretPlan.Weights);
        IEnumerable<float> expected = new FixedPointInterpreter(SecretPlan.PlanByTransfer, SecretPlan.Weights).Infer(SecretPlan.Input).Elements;
        for (int run = 0; run < Runs; run++)
            Assert.Equal(expected, pair.Client.Infer(SecretPlan.Input).Output);
        foreach (byte[] transcript in new[] { pair.ClientTranscript, pair.ServerTranscript })
        {
            List<byte[]> online = Transcript.Online(transcript, MessageKind.Step, SecretPlan.ReluStep);
            List<byte[]> offline = [.. Transcript.Offline(transcript, SecretPlan.ReluStep)];
            RequireUniform(online, online.Count / Runs);
            RequireUniform(offline, offline.Count / Runs);
        }
    }

    [Fact]
    public void The_method_survives_in_the_plan_file_and_shows_in_its_text()
    {
        ExecutionPlan read = PlanSerializer.Read(PlanSerializer.Write(SecretPlan.PlanByTransfer));
        Assert.Equal(NonLinearMethod.ObliviousTransfer, ((NonLinearStep)read.Steps[SecretPlan.ReluStep]).Method);
        Assert.Contains("relu(%2) bits=24 shift=7 by=ot", PlanPrinter.Print(read), StringComparison.Ordinal);
        Assert.DoesNotContain("by=ot", PlanPrinter.Print(SecretPlan.Plan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, Activation.Relu, 3, 3)]
    [InlineData(4, Activation.Relu, 2, 2)]
    [InlineData(4, Activation.None, 3, 2)]
    [InlineData(0, Activation.None, 1, 2)]
    [InlineData(0, Activation.None, 3, 3)]
    public void Maxima_of_windows_of_any_size_equal_the_clear_result(int shift, Activation activation, int kernelHeight, int kernelWidth)
    {
        ExecutionPlan plan = PoolPlan(shift, activation, kernelHeight, kernelWidth);
        FixedPointInterpreter interpreter = new(plan, SamplePlans.Weights);
        Random random = new(7);
        using SessionPair pair = SessionPair.Open(plan, SamplePlans.Weights);
        for (int run = 0; run < 2; run++)
        {
            float[] input = [.. Enumerable.Range(0, 16).Select(_ => (float)((random.NextDouble() * 3.8) - 1.9))];
            Assert.Equal((IEnumerable<float>)interpreter.Infer(input).Elements, pair.Client.Infer(input).Output);
        }

        Assert.Equal("ot", PlanCosts.Report(plan).Steps.Single(s => s.Name == "pool").Protocol);
    }

    [Theory]
    [InlineData(0, 0, 6)]
    [InlineData(0, -3, 3)]
    [InlineData(0, 7, 7)]
    [InlineData(0, -256, 255)]
    [InlineData(0, -300, 400)]
    [InlineData(3, 0, 6)]
    [InlineData(3, -20, -5)]
    [InlineData(3, -32, 31)]
    [InlineData(8, -1, 0)]
    public void A_clip_of_every_number_equals_the_clear_result(int shift, int lower, int upper)
    {
        foreach (int ringBits in new[] { 10, 33, 64 })
        {
            PlanValue x = new() { Name = "x", Shape = [512], Scale = 1, Bits = 9, Minimum = -256, Maximum = 255 };
            PlanValue y = x with { Name = "y", Scale = Math.ScaleB(1, -shift), Bits = 10, Minimum = -256, Maximum = 256 };
            ModelWeights none = new() { Tensors = [] };
            ExecutionPlan plan = new()
            {
                Name = "clip",
                Backend = "hybrid",
                RingBits = ringBits,
                Values = [x, y, y],
                Steps =
                [
                    new InputStep { Name = "x", Output = 0 },
                    new NonLinearStep { Name = "clip", Output = 1, Input = 0, InputBits = 9, Shift = shift, Activation = Activation.Clip, Lower = lower, Upper = upper, Method = NonLinearMethod.ObliviousTransfer },
                    new OutputStep { Name = "y", Output = 2, Input = 1 },
                ],
                WeightsDigest = WeightsSerializer.Digest(none),
            };
            float[] input = [.. Enumerable.Range(-256, 512).Select(i => (float)i)];
            using SessionPair pair = SessionPair.Open(plan, none);
            Assert.Equal((IEnumerable<float>)new FixedPointInterpreter(plan, none).Infer(input).Elements, pair.Client.Infer(input).Output);
        }
    }

    [Fact]
    public void A_clip_costs_two_relus_and_no_round_more()
    {
        (ExecutionPlan clip, _) = OneStepPlans.Create("clip-ot", 3);
        NonLinearStep step = (NonLinearStep)clip.Steps[1];
        ExecutionPlan relu = clip with { Steps = clip.Steps.SetItem(1, step with { Activation = Activation.Relu, InputBits = step.InputBits + 1 }) };
        StepCost ofClip = PlanCosts.Report(clip).Steps[2], ofRelu = PlanCosts.Report(relu).Steps[2];
        Assert.Equal(ofRelu.Online.Rounds, ofClip.Online.Rounds);
        Assert.InRange(ofClip.Online.TotalBytes, 1.5 * ofRelu.Online.TotalBytes, 2 * ofRelu.Online.TotalBytes);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("clip")]
    public void Maxima_and_clips_need_a_bit_more_than_their_inputs(string name)
    {
        NonLinearStep step = (NonLinearStep)SamplePlans.EveryStep.Steps.Single(s => s.Name == name);
        Assert.True(step.Supports(NonLinearMethod.ObliviousTransfer, step.InputBits + 1));
        Assert.False(step.Supports(NonLinearMethod.ObliviousTransfer, step.InputBits));
    }

    [Fact]
    public void A_clip_between_bounds_that_nothing_reaches_from_within_stays_garbled()
    {
        NonLinearStep clip = (NonLinearStep)SamplePlans.EveryStep.Steps.Single(s => s.Name == "clip");
        Assert.False((clip with { Lower = 1 << 15, Upper = 1 << 16 }).Supports(NonLinearMethod.ObliviousTransfer, 64));
        Assert.False((clip with { Lower = -(1 << 17), Upper = -(1 << 16) }).Supports(NonLinearMethod.ObliviousTransfer, 64));
    }

    [Fact]
    public void A_step_without_a_protocol_by_transfer_is_refused()
    {
        const string name = "clip";
        ExecutionPlan plan = SamplePlans.EveryStep;
        PlanStep step = plan.Steps.Single(s => s.Name == name);
        PlanStep changed = (NonLinearStep)step with { Method = NonLinearMethod.ObliviousTransfer, InputBits = plan.RingBits };
        PlanFormatException failure = Assert.Throws<PlanFormatException>(() => PlanVerifier.Require(plan with { Steps = plan.Steps.Replace(step, changed) }));
        Assert.Contains($"'{name}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_suit_the_average_call()
    {
        SilentTransferSizes sizes = SilentTransferSizes.For([(100, 1_000), (10_000_000, 2_000_000)]);
        Assert.Equal(LpnParameters.Depth12, sizes.ServerChooses);
        Assert.Equal(LpnParameters.Depth11, sizes.ClientChooses);
        Assert.Equal(LpnParameters.Depth10, SilentTransferSizes.For([(100, 1_000), (1_000, 10_000)]).ServerChooses);
    }

    // A message's last bytes may be no whole word.
    private static void RequireUniform(List<byte[]> messages, int perRun)
    {
        for (int place = 0; place < perRun; place++)
        {
            ulong[][] words = [.. messages.Where((_, i) => i % perRun == place).Select(m => MemoryMarshal.Cast<byte, ulong>(m).ToArray())];
            Assert.Equal(Runs, words.Length);
            Assert.Null(Uniformity.Objection(words, 64));
        }
    }

    // Of the 4×4 planes of the sample's convolution, with strides of 2 and a padded border.
    private static ExecutionPlan PoolPlan(int shift, Activation activation, int kernelHeight, int kernelWidth)
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        PlanValue value = plan.Values[1] with { Name = "pool", Shape = [1, 2, 2, 2], Scale = plan.Values[1].Scale / (1 << shift), Bits = 20 };
        value = value with { Minimum = -1, Maximum = 1 };
        PoolGeometry pool = ((NonLinearStep)plan.Steps[2]).Pool! with { KernelHeight = kernelHeight, KernelWidth = kernelWidth, PadTop = kernelHeight / 2 };
        NonLinearStep step = new() { Name = "pool", Output = 2, Input = 1, InputBits = 20, Shift = shift, Activation = activation, Pool = pool, Method = NonLinearMethod.ObliviousTransfer };
        return plan with
        {
            Values = [plan.Values[0], plan.Values[1], value, value with { Name = "y" }],
            Steps = [plan.Steps[0], plan.Steps[1], step, new OutputStep { Name = "y", Output = 3, Input = 2 }],
            Labels = [],
        };
    }

    // After the clip, whose output has 15 bits: a ReLU without a shift and a truncation by 3 bits.
    private static ExecutionPlan Insert(ExecutionPlan plan)
    {
        int clip = plan.Steps.Single(s => s.Name == "clip").Output;
        PlanValue value = plan.Values[clip], truncated = value with { Name = "truncated", Scale = value.Scale / 8, Bits = 12, Minimum = -2000, Maximum = 2000 };
        NonLinearStep relu = new() { Name = "relu-ot", Output = clip + 1, Input = clip, InputBits = 15, Shift = 0, Activation = Activation.Relu, Method = NonLinearMethod.ObliviousTransfer };
        NonLinearStep truncate = new() { Name = "truncate-ot", Output = clip + 2, Input = clip + 1, InputBits = 17, Shift = 3, Activation = Activation.None, Method = NonLinearMethod.ObliviousTransfer };
        ImmutableArray<PlanStep> steps =
        [
            .. plan.Steps.Take(clip + 1), relu, truncate,
            new NonLinearStep { Name = "back", Output = clip + 3, Input = clip + 2, InputBits = 15, Shift = 0, Activation = Activation.Relu },
            new OutputStep { Name = "y", Output = clip + 4, Input = clip + 3 },
        ];
        return plan with
        {
            Values = [.. plan.Values.Take(clip + 1), value with { Name = "relu-ot" }, truncated, truncated with { Name = "back" }, truncated with { Name = "y" }],
            Steps = steps,
            Labels = [],
        };
    }
}
