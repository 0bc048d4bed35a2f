using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// How likely some local truncation of an inference fails. As signed numbers, shares c and x − c add up to x unless x − c leaves
/// [−2^(ℓ−1), 2^(ℓ−1)), which at most |x| values of c make it do. Where no value of c is likelier than 2^-h, an element of |x| ≤ 2^k
/// fails with probability 2^(k−h) at most, and elements' probabilities add up. The client's share of what a step with fresh
/// randomness gives is uniform, h = ℓ; a local truncation by f takes f from h; a sum keeps the larger h of its operands where these
/// stem from different randomness, and none is known where they do not.
/// </summary>
public static class TruncationFailure
{
    /// <summary>A bound for a whole inference: 0 without local truncations, at most 1.</summary>
    public static double Of(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Steps.Any(s => s is TruncateStep))
            return 0;
        Randomness[] values = new Randomness[plan.Values.Length];
        double sum = 0;
        foreach (PlanStep step in plan.Steps)
        {
            if (step is TruncateStep truncation)
            {
                PlanValue input = plan.Values[truncation.Input];
                sum += input.Count * Math.ScaleB(1, input.Bits - 1 - values[truncation.Input].Bits);
            }

            values[step.Output] = Of(plan, step, values);
        }

        return Math.Min(1, sum);
    }

    private static Randomness Of(ExecutionPlan plan, PlanStep step, Randomness[] values) => step switch
    {
        TruncateStep s => values[s.Input] with { Bits = values[s.Input].Bits - s.Shift },
        AddStep s => Sum(values[s.Left], values[s.Right]),
        OutputStep s => values[s.Input],
        _ when LocalSteps.IsLocal(step) => step.Inputs.Select(i => values[i])
            .Aggregate((a, b) => new Randomness(Math.Min(a.Bits, b.Bits), a.Sources.Union(b.Sources))),
        _ => new Randomness(plan.RingBits, [step.Output]),
    };

    private static Randomness Sum(Randomness left, Randomness right)
    {
        bool independent = left.Sources.Intersect(right.Sources).IsEmpty;
        return new Randomness(independent ? Math.Max(left.Bits, right.Bits) : 0, left.Sources.Union(right.Sources));
    }

    /// <param name="Bits">h.</param>
    /// <param name="Sources">Values whose fresh randomness the client's share is made of.</param>
    private sealed record Randomness(int Bits, ImmutableHashSet<int> Sources);
}
