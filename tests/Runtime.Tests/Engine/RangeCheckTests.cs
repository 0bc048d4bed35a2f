using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>The bit that tells whether any checked element is outside of its interval.</summary>
public sealed class RangeCheckTests
{
    private const int Runs = 200, CheckAt = 2;

    [Theory]
    [InlineData(20, -3, 7)]
    [InlineData(20, 5, 5)]
    [InlineData(20, -512, 511)]
    [InlineData(64, -3, 7)]
    [InlineData(11, -100, 50)]
    public void One_element_beyond_either_end_is_seen_and_none_within(int ringBits, int lower, int upper)
    {
        foreach (int count in new[] { 1, 63, 64, 65, 200 })
        {
            (ExecutionPlan plan, ModelWeights weights) = Plan(count, ringBits, lower, upper, shift: 0);
            using SessionPair pair = SessionPair.Open(plan, weights);
            float[] input = [.. Enumerable.Range(0, count).Select(i => (float)(i % 2 == 0 ? lower : upper))];
            Assert.False(pair.Client.Infer(input).OutOfRange);
            foreach (int outside in new[] { lower - 1, upper + 1, -512, 511 }.Where(x => x is >= -512 and <= 511 && (x < lower || x > upper)))
            {
                float[] changed = [.. input];
                changed[count / 2] = outside;
                Assert.True(pair.Client.Infer(changed).OutOfRange, $"{outside} among {count}");
            }
        }
    }

    [Fact]
    public void What_left_its_bits_but_not_the_ring_is_seen()
    {
        // Twice 900 is −248 in the 11 bits of the value.
        (ExecutionPlan plan, ModelWeights weights) = Plan(4, ringBits: 16, lower: -600, upper: 600, shift: 0);
        PlanValue doubled = plan.Values[1] with { Scale = 2, Minimum = -511, Maximum = 511 };
        plan = plan with
        {
            Values = plan.Values.SetItem(1, doubled).SetItem(3, doubled),
            Steps = plan.Steps.SetItem(1, new AddStep { Name = "sum", Output = 1, Left = 0, Right = 0, LeftShift = 1, RightShift = 1 }),
        };
        using SessionPair pair = SessionPair.Open(plan, weights);
        Assert.True(pair.Client.Infer([0, 0, 450, 0]).OutOfRange);
        Assert.False(pair.Client.Infer([0, 0, 150, 0]).OutOfRange);
    }

    [Fact]
    public void With_dropped_bits_only_what_is_within_a_unit_of_the_ends_may_go_either_way()
    {
        (ExecutionPlan plan, ModelWeights weights) = Plan(70, ringBits: 24, lower: -4, upper: 5, shift: 4);
        using SessionPair pair = SessionPair.Open(plan, weights);
        Random random = new(4);
        for (int run = 0; run < 20; run++)
        {
            float[] input = [.. Enumerable.Range(0, 70).Select(_ => (float)random.Next(-4 * 16, (5 * 16) + 1))];
            Assert.False(pair.Client.Infer(input).OutOfRange);
            input[random.Next(70)] = random.Next(2) == 0 ? random.Next(-512, (-5 * 16) + 1) : random.Next(6 * 16, 512);
            Assert.True(pair.Client.Infer(input).OutOfRange);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_bit_is_the_clear_interpreters_for_values_of_several_sizes(bool dealt)
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        PlanStep output = plan.Steps[^1];
        int at = output.Output;
        RangeCheckStep check = new() { Name = "check", Output = at, Checked = [plan.Steps[1].Output, plan.Steps[5].Output, 0], Lower = [-1500, -10, -32], Upper = [72000, 9000, 31] };
        plan = plan with
        {
            Values = plan.Values.Insert(at, new PlanValue { Name = "check", Shape = [1], Scale = 1, Bits = 2, Minimum = 0, Maximum = 1 }),
            Steps = [.. plan.Steps[..^1], check, (OutputStep)output with { Output = at + 1 }],
        };
        FixedPointInterpreter interpreter = new(plan, SamplePlans.Weights);
        using SessionPair pair = dealt ? SessionPair.OpenDealt(plan, SamplePlans.Weights) : SessionPair.Open(plan, SamplePlans.Weights);
        List<bool> seen = [];
        Random random = new(11);
        for (int run = 0; run < 12; run++)
        {
            double size = run % 2 == 0 ? 0.2 : 1.9;
            float[] input = [.. Enumerable.Range(0, 16).Select(_ => (float)(((random.NextDouble() * 2) - 1) * size))];
            DecodedOutput expected = interpreter.Infer(input);
            InferenceResult result = pair.Client.Infer(input);
            Assert.Equal((IEnumerable<float>)expected.Elements, result.Output);
            Assert.Equal(interpreter.OutOfRange, result.OutOfRange);
            seen.Add(result.OutOfRange!.Value);
        }

        Assert.Equal([false, true], seen.Distinct().Order());
    }

    [Fact]
    public void Rounds_do_not_depend_on_how_much_is_checked()
    {
        int[] rounds = [.. new[] { 1, 100, 5000 }.Select(count => PlanCosts.Report(Plan(count, 40, -3, 7, shift: 0).Plan).Total.Online.Rounds)];

        // With the input's flight; the output travels in the check's last.
        Assert.Equal([8, 8, 8], rounds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Everything_that_is_sent_is_uniform_over_runs_on_one_input(int element)
    {
        (ExecutionPlan plan, ModelWeights weights) = Plan(64, 24, -3, 7, shift: 0);
        using SessionPair pair = SessionPair.Open(plan, weights);
        float[] input = [.. Enumerable.Range(0, 64).Select(i => i == 5 ? element : (float)0)];
        for (int run = 0; run < Runs; run++)
            Assert.Equal(element != 0, pair.Client.Infer(input).OutOfRange);
        foreach (byte[] transcript in new[] { pair.ClientTranscript, pair.ServerTranscript })
        {
            foreach (List<byte[]> sent in new[] { Transcript.Online(transcript, MessageKind.Step, CheckAt), Transcript.Offline(transcript, CheckAt) })
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
    public void A_plan_without_a_check_says_nothing()
    {
        using SessionPair pair = SessionPair.Open(SecretPlan.Plan, SecretPlan.Weights);
        Assert.Null(pair.Client.Infer(SecretPlan.Input).OutOfRange);
        FixedPointInterpreter interpreter = new(SecretPlan.Plan, SecretPlan.Weights);
        interpreter.Infer(SecretPlan.Input);
        Assert.Null(interpreter.OutOfRange);
    }

    [Fact]
    public void The_field_has_inverses_and_distributes()
    {
        Random random = new(2);
        for (int trial = 0; trial < 200; trial++)
        {
            ulong a = (ulong)random.NextInt64(long.MinValue, long.MaxValue), b = (ulong)random.NextInt64(), c = (ulong)random.NextInt64();
            Assert.Equal(BinaryField64.Multiply(a, b ^ c), BinaryField64.Multiply(a, b) ^ BinaryField64.Multiply(a, c));
            Assert.Equal(BinaryField64.Multiply(a, 2), BinaryField64.TimesX(a));

            // a^(2^64 − 1) = 1, so a^(2^64 − 2) is its inverse.
            ulong inverse = 1, power = a;
            for (int bit = 1; bit < 64; bit++)
            {
                power = BinaryField64.Multiply(power, power);
                inverse = BinaryField64.Multiply(inverse, power);
            }

            Assert.Equal(1UL, BinaryField64.Multiply(a, inverse));
        }
    }

    /// <summary>Integers of 11 bits, checked and given out.</summary>
    private static (ExecutionPlan Plan, ModelWeights Weights) Plan(int count, int ringBits, int lower, int upper, int shift)
    {
        PlanValue x = new() { Name = "x", Shape = [1, count], Scale = 1, Bits = 11, Minimum = -1000, Maximum = 1000 };
        ModelWeights weights = new() { Tensors = [] };
        ExecutionPlan plan = new()
        {
            Name = "checked",
            Backend = "poly",
            RingBits = ringBits,
            Values = [x, x, new PlanValue { Name = "check", Shape = [1], Scale = 1, Bits = 2, Minimum = 0, Maximum = 1 }, x],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new ReshapeStep { Name = "same", Output = 1, Input = 0 },
                new RangeCheckStep { Name = "check", Output = CheckAt, Checked = [1], Lower = [lower], Upper = [upper], Shift = shift },
                new OutputStep { Name = "y", Output = 3, Input = 1 },
            ],
            WeightsDigest = WeightsSerializer.Digest(weights),
        };
        return (plan, weights);
    }
}
