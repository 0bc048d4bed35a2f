using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Shared sign decisions by oblivious transfer, alone and beside other steps.</summary>
public sealed class SharedSignByTransferTests
{
    private const int Runs = 200;

    private static ExecutionPlan EveryStep { get; } = ByTransfer(SamplePlans.EveryStep);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Results_equal_the_clear_result_bit_for_bit_and_messages_the_prediction(bool dealt)
    {
        Assert.Contains(EveryStep.Steps, s => s is SharedSignStep { Turned.IsEmpty: false });
        FixedPointInterpreter interpreter = new(EveryStep, SamplePlans.Weights);
        Random random = new(7);
        using SessionPair pair = dealt ? SessionPair.OpenDealt(EveryStep, SamplePlans.Weights) : SessionPair.Open(EveryStep, SamplePlans.Weights);
        pair.Client.Prepare();
        pair.Client.Prepare();
        for (int run = 0; run < 4; run++)
        {
            float[] input = [.. Enumerable.Range(0, 16).Select(_ => (float)((random.NextDouble() * 3.8) - 1.9))];
            Assert.Equal((IEnumerable<float>)interpreter.Infer(input).Elements, pair.Client.Infer(input).Output);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 20)]
    [InlineData(3, 64)]
    [InlineData(9, 9)]
    [InlineData(9, 37)]
    [InlineData(40, 64)]
    [InlineData(64, 64)]
    public void Every_sign_decides_about_its_group_at_every_width(int bits, int ringBits)
    {
        foreach (int count in new[] { 1, 64, 300 })
        {
            long limit = 1L << (Math.Min(bits, 9) - 1);
            Random random = new(count);
            float[] input = [.. Enumerable.Range(0, count).Select(i => (float)random.NextInt64(-limit, limit))];
            ExecutionPlan plan = OneStep(count, bits, ringBits);
            ModelWeights none = new() { Tensors = [] };
            using SessionPair pair = SessionPair.Open(plan, none);
            Assert.Equal((IEnumerable<float>)new FixedPointInterpreter(plan, none).Infer(input).Elements, pair.Client.Infer(input).Output);
        }
    }

    [Fact]
    public void Everything_that_is_sent_is_uniform_over_runs_on_one_input()
    {
        ExecutionPlan plan = ByTransfer(SecretPlan.Plan);
        using SessionPair pair = SessionPair.Open(plan, SecretPlan.Weights);
        IEnumerable<float> expected = new FixedPointInterpreter(plan, SecretPlan.Weights).Infer(SecretPlan.Input).Elements;
        for (int run = 0; run < Runs; run++)
            Assert.Equal(expected, pair.Client.Infer(SecretPlan.Input).Output);
        foreach (byte[] transcript in new[] { pair.ClientTranscript, pair.ServerTranscript })
        {
            foreach (List<byte[]> sent in new[] { Transcript.Online(transcript, MessageKind.Step, SecretPlan.SharedSignStep), [.. Transcript.Offline(transcript, SecretPlan.SharedSignStep)] })
            {
                int perRun = sent.Count / Runs;
                for (int place = 0; place < perRun; place++)
                {
                    ulong[][] words = [.. sent.Where((_, i) => i % perRun == place).Select(m => m.Chunk(8).Where(c => c.Length == 8).Select(c => BitConverter.ToUInt64(c)).ToArray())];
                    Assert.Null(Uniformity.Objection(words, 64));
                }
            }
        }
    }

    [Fact]
    public void A_large_group_costs_two_words_an_element_online_and_one_offline()
    {
        const int count = 1 << 16;
        ExecutionPlan plan = OneStep(count, bits: 20, ringBits: 32, decisions: 64);
        StepCost byTransfer = PlanCosts.Report(plan).Steps[2];
        Assert.Equal("ot", byTransfer.Protocol);
        Assert.InRange(byTransfer.Online.TotalBytes, 2 * 4 * count, (2 * 4 * count) + 3000);
        Assert.InRange(byTransfer.Offline.ClientBytes, 4 * count, (4 * count) + 40_000);
    }

    [Fact]
    public void Random_noise_stays_garbled()
    {
        SharedSignStep noisy = SamplePlans.Noisy.Steps.OfType<SharedSignStep>().Single(s => s.Noise is not null);
        Assert.False(noisy.Supports(NonLinearMethod.ObliviousTransfer));
        ExecutionPlan plan = SamplePlans.Noisy with { Steps = SamplePlans.Noisy.Steps.Replace(noisy, noisy with { Method = NonLinearMethod.ObliviousTransfer }) };
        Assert.Contains("noise", Assert.Throws<PlanFormatException>(() => PlanVerifier.Require(plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_method_survives_in_the_plan_file_and_shows_in_its_text()
    {
        ExecutionPlan read = PlanSerializer.Read(PlanSerializer.Write(EveryStep));
        Assert.All(read.Steps.OfType<SharedSignStep>(), s => Assert.Equal(NonLinearMethod.ObliviousTransfer, s.Method));
        Assert.Equal(2, PlanPrinter.Print(read).Split('\n').Count(l => l.Contains("shared-sign", StringComparison.Ordinal) && l.Contains(" by=ot", StringComparison.Ordinal)));
    }

    private static ExecutionPlan ByTransfer(ExecutionPlan plan) => plan with
    {
        Steps = [.. plan.Steps.Select(s => s is SharedSignStep shared ? shared with { Method = NonLinearMethod.ObliviousTransfer } : s)],
    };

    /// <summary>Numbers of which some decide about all, in groups that are not in order.</summary>
    private static ExecutionPlan OneStep(int count, int bits, int ringBits, int decisions = int.MaxValue)
    {
        int used = Math.Min(bits, 9), groups = Math.Min(decisions, (count / 3) + 1);
        double limit = Math.ScaleB(1, used - 1);
        PlanValue x = new() { Name = "x", Shape = [count], Scale = 1, Bits = used, Minimum = -limit, Maximum = limit - 1 };
        return new ExecutionPlan
        {
            Name = "shared",
            Backend = "hybrid",
            RingBits = Math.Max(2, ringBits),
            Values = [x, x, x],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new SharedSignStep
                {
                    Name = "share",
                    Output = 1,
                    Input = 0,
                    Decision = 0,
                    DecisionBits = bits,
                    Groups = IndexMap.Of([.. Enumerable.Range(0, count).Select(i => i * 7 % groups)]),
                    Method = NonLinearMethod.ObliviousTransfer,
                },
                new OutputStep { Name = "y", Output = 2, Input = 1 },
            ],
            WeightsDigest = WeightsSerializer.Digest(new ModelWeights { Tensors = [] }),
        };
    }
}
