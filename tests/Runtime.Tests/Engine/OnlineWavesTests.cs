using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Steps that exchange their messages together.</summary>
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
        Assert.Equal(PlanCosts.Report(plan).Total.Online.Rounds, new[] { 1, 2, 3, 4 }.Max(i => Rounds(i)));
    }

    /// <summary>Of the kinds, only Beaver's powers with a cube take a second flight each way.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Branches_of_every_protocol_take_the_rounds_of_the_longest_with_a_dealer_and_without(bool withDealer)
    {
        (ExecutionPlan plan, ModelWeights weights) = MixedBranches();
        FixedPointInterpreter interpreter = new(plan, weights);
        Random random = new(5);
        using SessionPair pair = withDealer ? SessionPair.OpenDealt(plan, weights) : SessionPair.Open(plan, weights);
        for (int run = 0; run < 2; run++)
        {
            float[] input = [.. Enumerable.Range(0, Count).Select(_ => (float)random.Next(-256, 256))];
            InferenceResult result = pair.Client.Infer(input);
            Assert.All(interpreter.Infer(input).Elements.Zip(result.Output, (clear, secure) => clear - secure), d => Assert.InRange(d, -1, 1));
            CostReport metered = CostReport.Create(plan, [.. result.Statistics.Messages], _ => ""), predicted = PlanCosts.Report(plan, withDealer);
            Assert.Equal(predicted.Total.Online, metered.Total.Online);
            Assert.Equal(predicted.Steps.Select(s => s.Online), metered.Steps.Select(s => s.Online));
        }

        Assert.Equal(1 + (withDealer ? 2 : 4) + 1, Rounds(plan, withDealer));
        Assert.Equal(1 + 2 + 1, Rounds(plan with { Steps = [.. plan.Steps.Select(s => s is PolynomialStep p ? p with { Method = PowerMethod.HoneyBadger } : s)] }, withDealer));
    }

    private static int Rounds(ExecutionPlan plan, bool withDealer) => PlanCosts.Report(plan, withDealer).Total.Online.Rounds;

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

    /// <summary>Garbled steps and polynomials of every way to have powers, with divisions and without, side by side.</summary>
    internal static (ExecutionPlan Plan, ModelWeights Weights) MixedBranches()
    {
        (ExecutionPlan plan, ModelWeights weights) = Branches();
        PlanValue x = plan.Values[0], wide = x with { Bits = 28 };
        PolynomialStep Square(int output, string name) => new() { Name = name, Output = output, Input = 0, Degree = 2, Inner = Count, Coefficients = [5, -1, 1] };
        ImmutableArray<PlanStep> steps =
        [
            plan.Steps[0],
            Garble(plan.Steps[1], garbles: true),
            Square(2, "beaver") with { Degree = 3, Coefficients = [5, -1, 1, 1], OutputShift = 4, RingBits = 40, Method = PowerMethod.Beaver },
            Garble(plan.Steps[4], garbles: true) with { Output = 3 },
            Square(4, "open"),
            Square(5, "binomial") with { Method = PowerMethod.Binomial },
            Square(6, "divide") with { OutputShift = 3, RingBits = 70 },
            new ConcatStep { Name = "all", Output = 7, Operands = [1, 2, 3, 4, 5, 6], Shifts = [0, 0, 0, 0, 0, 0], Axis = 1 },
            new OutputStep { Name = "y", Output = 8, Input = 7 },
        ];
        PlanValue all = wide with { Shape = [1, 6 * Count] };
        return (plan with { Steps = steps, Values = [x, x, wide, x, wide, wide, wide, all, all] }, weights);
    }

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
