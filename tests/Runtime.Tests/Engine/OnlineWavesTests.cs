using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Steps by oblivious transfer that exchange their messages together.</summary>
public sealed class OnlineWavesTests
{
    private const int Count = 100;

    [Fact]
    public void Parallel_branches_of_any_kind_take_the_rounds_of_the_longest_and_give_the_clear_result()
    {
        (ExecutionPlan plan, ModelWeights weights) = Branches();
        FixedPointInterpreter interpreter = new(plan, weights);
        Random random = new(9);
        using SessionPair pair = SessionPair.Open(plan, weights);
        for (int run = 0; run < 3; run++)
        {
            float[] input = [.. Enumerable.Range(0, Count).Select(_ => (float)random.Next(-256, 256))];
            Assert.Equal((IEnumerable<float>)interpreter.Infer(input).Elements, pair.Client.Infer(input).Output);
        }

        int Rounds(params int[] kept) => PlanCosts.Report(plan with { Steps = [.. plan.Steps.Select((s, i) => Garble(s, !kept.Contains(i)))] }).Total.Online.Rounds;
        Assert.Equal(PlanCosts.Report(plan).Total.Online.Rounds, new[] { 1, 2, 3, 4 }.Max(i => Rounds(i) - (2 * 3)));
    }

    [Fact]
    public void What_reads_another_step_or_does_not_follow_it_waits()
    {
        (ExecutionPlan plan, _) = Branches();
        Assert.Equal((IEnumerable<int>)[1, 2, 3, 4], Waves(plan, 1, 2, 3, 4).StartingAt(1));
        Assert.Empty(Waves(plan, 1, 2, 3, 4).StartingAt(2));
        Assert.Equal((IEnumerable<int>)[0], Waves(plan, 1, 2, 3, 4).StartingAt(0));
        Assert.Equal((IEnumerable<int>)[3, 4], Waves(plan, 1, 3, 4).StartingAt(3));

        NonLinearStep second = (NonLinearStep)plan.Steps[2];
        ExecutionPlan chain = plan with { Steps = plan.Steps.SetItem(2, second with { Input = 1 }) };
        Assert.Equal((IEnumerable<int>)[1], Waves(chain, 1, 2, 3, 4).StartingAt(1));
        Assert.Equal((IEnumerable<int>)[2, 3, 4], Waves(chain, 1, 2, 3, 4).StartingAt(2));
    }

    [Fact]
    public void Turns_go_round_until_all_are_done()
        => Assert.Equal("adfbegch", string.Concat(OnlineWaves.InTurn(["abc", "de", "fgh"])));

    private static OnlineWaves Waves(ExecutionPlan plan, params int[] steps) => new(plan, [.. steps]);

    private static PlanStep Garble(PlanStep step, bool garbles) => step switch
    {
        NonLinearStep s when garbles => s with { Method = NonLinearMethod.Garbled },
        SharedSignStep s when garbles => s with { Method = NonLinearMethod.Garbled },
        _ => step,
    };

    /// <summary>A ReLU of wide numbers, a clip, a truncation and shared signs of one input, side by side.</summary>
    private static (ExecutionPlan Plan, ModelWeights Weights) Branches()
    {
        const NonLinearMethod ot = NonLinearMethod.ObliviousTransfer;
        PlanValue x = new() { Name = "x", Shape = [1, Count], Scale = 1, Bits = 9, Minimum = -256, Maximum = 255 };
        ModelWeights none = new() { Tensors = [] };
        ExecutionPlan plan = new()
        {
            Name = "branches",
            Backend = "hybrid",
            RingBits = 37,
            Values = [x, x, x, x with { Scale = 0.5 }, x, x with { Shape = [1, 4 * Count] }, x with { Shape = [1, 4 * Count] }],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new NonLinearStep { Name = "relu", Output = 1, Input = 0, InputBits = 37, Shift = 0, Activation = Activation.Relu, Method = ot },
                new NonLinearStep { Name = "clip", Output = 2, Input = 0, InputBits = 9, Shift = 0, Activation = Activation.Clip, Lower = -5, Upper = 77, Method = ot },
                new NonLinearStep { Name = "halve", Output = 3, Input = 0, InputBits = 9, Shift = 1, Activation = Activation.None, Method = ot },
                new SharedSignStep { Name = "share", Output = 4, Input = 0, Decision = 0, DecisionBits = 9, Groups = IndexMap.Of([.. Enumerable.Range(0, Count).Select(i => i % 7)]), Method = ot },
                new ConcatStep { Name = "all", Output = 5, Operands = [1, 2, 3, 4], Shifts = [0, 0, 1, 0], Axis = 1 },
                new OutputStep { Name = "y", Output = 6, Input = 5 },
            ],
            WeightsDigest = WeightsSerializer.Digest(none),
        };
        return (plan, none);
    }
}
