using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class FixedPointInterpreterTests
{
    private static readonly float[] s_input = [1, 0, -1, 0.5f, 0.25f, 0, 0, 1.5f, -0.5f, 1, 1, 1, 0, 0, 0, -1.25f];

    [Fact]
    public void Every_step_has_its_documented_meaning()
    {
        Dictionary<string, long[]> seen = Run(SamplePlans.Dividing);
        Assert.Equal([16L, 0, -16, 8, 4, 0, 0, 24, -8, 16, 16, 16, 0, 0, 0, -20], seen["x"]);

        // Row -1 is padding: 3·16 + 4·0 + 70000.
        Assert.Equal(70048, seen["conv"][0]);

        // The first window: rows 0 and 1, columns 0 and 1 of plane 0.
        long[] window = [seen["conv"][0], seen["conv"][1], seen["conv"][4], seen["conv"][5]];
        Assert.Equal(window.Max() >> 4, seen["relu"][0]);
        Assert.Equal(700, seen["clip"][0]);
        Assert.Equal(3 * seen["clip"].Take(4).Sum(), seen["pool"][0]);
        Assert.Equal([seen["pool"][0] + 10, seen["pool"][1] - 20], seen["bias"]);
        Assert.Equal([20L, -40], seen["add"]);
        Assert.Equal([-7L, 20, -7, -7, -40, -7], seen["pad"]);
        Assert.Equal([-7L, 20, -7, -40], seen["slice"]);
        Assert.Equal([-7L, -7, 20, -40], seen["transpose"]);
        Assert.Equal([-14L, -14, 40, -80, -14, -14, 40, -80], seen["concat"]);
        Assert.Equal(seen["concat"], seen["share"]);
        Assert.Equal([-14L, 0, 40, 0, -14, -14, 0, -80], seen["share-flat"]);
        Assert.Equal([-2935L, 5, 62405, 5, 2912, 2912, 0, 518240], seen["cubed"]);
        Assert.Equal([-367L, 1, 7801, 1, 364, 364, 0, 64780], seen["shorten"]);

        // 16x + x² of -11, 0, 244, 0, 11, 11, 0 and 2024, divided by 2.
        Assert.Equal([-27L, 0, 31720, 0, 149, 149, 0, 2064480], seen["divide"]);
        Assert.Equal(seen["divide"], seen["y"]);
    }

    [Fact]
    public void Noise_turns_what_it_is_told_and_nothing_by_itself()
    {
        bool[] drawn = [true, false, false, true, false, false, true, false];
        Dictionary<string, long[]> seen = [];
        ExecutionPlan plan = SamplePlans.Noisy;
        FixedPointInterpreter interpreter = new(plan, SamplePlans.Weights) { DrawNoise = _ => drawn };
        interpreter.Infer(s_input, (step, result) => seen[step.Name] = [.. result.ToArray().Select(w => new Ring(plan.RingBits).ToSigned(w))]);
        Assert.Equal([0L, 0, 40, -80, -14, -14, 40, -80], seen["share-flat"]);
        Assert.Equal(Run(SamplePlans.EveryStep)["y"], Run(plan)["y"]);
    }

    [Fact]
    public void Shifts_floor_and_read_only_their_bits()
    {
        ExecutionPlan plan = Truncation(inputBits: 5, shift: 2);
        Assert.Equal([-1L, -2, 0, -3], Run(plan, [-1, -5, 3, 21])["truncate"]);
    }

    [Fact]
    public void The_input_is_clamped_to_the_analysed_range_and_rounded_to_even()
    {
        PlanValue value = new() { Name = "x", Shape = [5], Scale = 2, Bits = 4, Minimum = -1, Maximum = 3 };
        ulong[] words = new ulong[5];
        FixedPointEncoding.Encode(value, new Ring(8), [-5, 9, 0.25f, 0.75f, float.PositiveInfinity], words);
        Assert.Equal([254UL, 6, 0, 2, 6], words);
        Assert.Throws<ArgumentException>(() => FixedPointEncoding.Encode(value, new Ring(8), [0, 0, 0, 0, float.NaN], words));
        Assert.Throws<ArgumentException>(() => FixedPointEncoding.Encode(value, new Ring(8), [0], words));
    }

    [Fact]
    public void Softmax_is_applied_by_the_client()
    {
        DecodedOutput output = new FixedPointInterpreter(SamplePlans.EveryStep, SamplePlans.Weights).Infer(s_input);
        Assert.Equal<int>([1, 8], output.Shape);
        Assert.Equal(1, output.Elements.Sum(), 5);
        Assert.Equal(Math.Exp((62405 + 2935) / Math.ScaleB(1, 20)), output.Elements[2] / output.Elements[0], 4);
    }

    [Theory]
    [InlineData(false, false, "1x2", new[] { 1f, 0f })]
    [InlineData(true, false, "1x1x2", new[] { 1f, 0f })]
    [InlineData(false, true, "1x2", new[] { 2f, 0f })]
    public void Arg_max_is_applied_by_the_client(bool keepAxis, bool selectLast, string shape, float[] indices)
    {
        PlanValue value = new() { Name = "x", Shape = [1, 3, 2], Scale = 1, Bits = 4, Minimum = -7, Maximum = 7 };
        ExecutionPlan plan = SamplePlans.EveryStep with
        {
            RingBits = 4,
            Values = [value, value],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new OutputStep { Name = "y", Output = 1, Input = 0, Function = OutputFunction.ArgMax, Axis = 1, KeepAxis = keepAxis, SelectLast = selectLast },
            ],
        };
        DecodedOutput output = new FixedPointInterpreter(plan, SamplePlans.Weights).Infer([1, 5, 3, -2, 3, 4]);
        Assert.Equal(shape, string.Join('x', output.Shape));
        Assert.Equal(indices, output.Elements);
    }

    private static ExecutionPlan Truncation(int inputBits, int shift)
    {
        PlanValue value = new() { Name = "x", Shape = [4], Scale = 8, Bits = 5, Minimum = -1, Maximum = 1 };
        return SamplePlans.EveryStep with
        {
            Values = [value, value with { Scale = 8 / Math.ScaleB(1, shift) }, value with { Scale = 8 / Math.ScaleB(1, shift) }],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new NonLinearStep { Name = "truncate", Output = 1, Input = 0, InputBits = inputBits, Shift = shift, Activation = Activation.None },
                new OutputStep { Name = "y", Output = 2, Input = 1 },
            ],
        };
    }

    private static Dictionary<string, long[]> Run(ExecutionPlan plan, long[]? words = null)
    {
        Ring ring = new(plan.RingBits);
        ulong[] input = new ulong[plan.Values[0].Count];
        if (words is null)
            FixedPointEncoding.Encode(plan.Values[0], ring, s_input, input);
        else
            input = [.. words.Select(ring.FromSigned)];
        Dictionary<string, long[]> seen = [];
        new FixedPointInterpreter(plan, SamplePlans.Weights).Run(input, (step, value) => seen[step.Name] = Signed(ring, value));
        return seen;
    }

    private static long[] Signed(Ring ring, ReadOnlySpan<ulong> words)
    {
        long[] signed = new long[words.Length];
        for (int i = 0; i < signed.Length; i++)
            signed[i] = ring.ToSigned(words[i]);
        return signed;
    }
}
