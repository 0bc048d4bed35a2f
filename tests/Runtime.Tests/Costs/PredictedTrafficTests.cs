using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Tests.Engine;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Costs;

/// <summary>For every kind of step and many sizes: predicted bytes and rounds are the metered ones, and the result is the clear plan's.</summary>
public sealed class PredictedTrafficTests
{
    private const int Sizes = 5;

    public static TheoryData<string, bool> Cases
    {
        get
        {
            TheoryData<string, bool> cases = [];
            foreach (string kind in OneStepPlans.Kinds)
                cases.Add(kind, false);
            foreach (string kind in new[] { "conv2d", "fully-connected", "grouped", "strided", "polynomial", "relu", "range-check" })
                cases.Add(kind, true);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prediction_equals_the_meter(string kind, bool withDealer)
    {
        for (int seed = 0; seed < Sizes; seed++)
        {
            (ExecutionPlan plan, ModelWeights weights) = OneStepPlans.Create(kind, seed);
            RequireExact(plan, weights, withDealer, new Random(seed));
        }
    }

    [Fact]
    public void Every_kind_of_step_is_among_the_cases()
    {
        Type[] covered = [.. OneStepPlans.Kinds.Select(k => OneStepPlans.Create(k, 0).Plan.Steps[1].GetType())];
        Type[] steps = [.. typeof(PlanStep).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PlanStep)) && !t.IsAbstract)];
        Assert.Empty(steps.Except(covered).Except([typeof(InputStep), typeof(OutputStep)]).Select(t => t.Name));
    }

    // Inputs that are integers survive the division of a polynomial's input; that of its result is faithful, a unit off at most.
    private static void RequireResult(ExecutionPlan plan, long[] expected, IReadOnlyList<long> actual)
    {
        long unit = plan.Steps.OfType<PolynomialStep>().Any(p => p.OutputShift > 0) ? 1 : 0;
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -unit, unit));
    }

    private static long[] Expected(ExecutionPlan plan, FixedPointInterpreter interpreter, float[] input)
    {
        Ring ring = new(plan.RingBits);
        ulong[] words = new ulong[input.Length];
        FixedPointEncoding.Encode(plan.Values[0], ring, input, words);
        return [.. interpreter.Run(words).ToArray().Select(ring.ToSigned)];
    }

    private static void RequireExact(ExecutionPlan plan, ModelWeights weights, bool withDealer, Random random)
    {
        using SessionPair pair = withDealer ? SessionPair.OpenDealt(plan, weights) : SessionPair.Open(plan, weights);
        PlanValue value = plan.Values[0];
        float[] input = [.. Enumerable.Range(0, value.Count).Select(_ => (float)Math.Truncate(value.Minimum + (random.NextDouble() * (value.Maximum - value.Minimum))))];
        InferenceResult result = pair.Client.Infer(input);
        FixedPointInterpreter interpreter = new(plan, weights);
        RequireResult(plan, Expected(plan, interpreter, input), result.FixedPoint);
        Assert.Equal(interpreter.OutOfRange, result.OutOfRange);

        // The parties' audits have compared message by message; this is the report's sum, against what went over the wire.
        CostReport predicted = PlanCosts.Report(plan, withDealer);
        CostReport metered = CostReport.Create(plan, [.. pair.Client.SetupMessages, .. result.Statistics.Messages], _ => "");
        Assert.Equal(predicted.Total.Online, metered.Total.Online);
        if (withDealer)
            return;
        Assert.Equal(predicted.Total, metered.Total);
        Assert.Equal(predicted.Total.Offline.ClientBytes + predicted.Total.Online.ClientBytes, pair.ClientStreamBytes);
        Assert.Equal(predicted.Total.Offline.ServerBytes + predicted.Total.Online.ServerBytes, pair.ServerStreamBytes);
    }
}
