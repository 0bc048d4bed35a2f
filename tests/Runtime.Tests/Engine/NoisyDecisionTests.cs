using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Decisions that the parties turn round at random, in sessions: the opened output shows which were turned.</summary>
public sealed class NoisyDecisionTests
{
    private const int Elements = 2000, Patch = 4;

    private static readonly ModelWeights s_weights = new() { Tensors = [] };

    [Fact]
    public void Every_inference_turns_other_elements_as_often_as_the_plan_says_and_changes_nothing_else()
    {
        ExecutionPlan plan = Plan(new DecisionNoise(8, 51));
        float[] input = [.. Enumerable.Range(0, Elements).Select(i => (i % 101) - 50.5f)];
        using SessionPair pair = SessionPair.Open(plan, s_weights);
        bool[] first = Turned(plan, input, pair.Client.Infer(input).FixedPoint), second = Turned(plan, input, pair.Client.Infer(input).FixedPoint);

        double p = 51 / 256.0, deviation = 5 * Math.Sqrt(p * (1 - p) / Elements);
        Assert.All([first, second], turned => Assert.InRange(turned.Count(t => t) / (double)Elements, p - deviation, p + deviation));

        // Independent between inferences, and between the elements of a group: both are turned as often as chance has it.
        double both = p * p, spread = 5 * Math.Sqrt(both * (1 - both) / (Elements / Patch));
        Assert.InRange(first.Zip(second, (a, b) => a && b).Count(t => t) / (double)Elements, both - spread, both + spread);
        Assert.InRange(Enumerable.Range(0, Elements / Patch).Count(g => first[g * Patch] && first[(g * Patch) + 1]) / (double)(Elements / Patch), both - spread, both + spread);
    }

    /// <summary>Which elements have the opposite of their decision; the interpreter, told so, gives the same output.</summary>
    private static bool[] Turned(ExecutionPlan plan, float[] input, ImmutableArray<long> output)
    {
        bool[] turned = [.. output.Select((y, i) => (y != 0) != (input[i / Patch * Patch] >= 0))];
        FixedPointInterpreter interpreter = new(plan, s_weights) { DrawNoise = _ => turned };
        Assert.Equal(interpreter.Infer(input).Elements.Select(y => (long)(y * plan.Values[2].Scale)), output);
        return turned;
    }

    private static ExecutionPlan Plan(DecisionNoise noise) => new()
    {
        Name = "noisy",
        Backend = "gc",
        RingBits = 16,
        Values = [Value("x"), Value("shared"), Value("y")],
        Steps =
        [
            new InputStep { Name = "x", Output = 0 },
            new SharedSignStep { Name = "shared", Output = 1, Input = 0, Decision = 0, DecisionBits = 12, Groups = IndexMap.Of([.. Enumerable.Range(0, Elements).Select(i => i / Patch * Patch)]), Noise = noise },
            new OutputStep { Name = "y", Output = 2, Input = 1 },
        ],
        WeightsDigest = WeightsSerializer.Digest(s_weights),
    };

    private static PlanValue Value(string name)
        => new() { Name = name, Shape = [1, Elements], Scale = 2, Bits = 12, Minimum = -60, Maximum = 60, ErrorBound = 0.5 };
}
