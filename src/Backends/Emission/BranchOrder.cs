using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Brings steps that exchange messages and read nothing of one another together, as parallel branches have them: they share flights
/// then. Behind as many exchanges as come before, steps keep their order, those that exchange messages last.
/// </summary>
internal static class BranchOrder
{
    /// <param name="values">How many values they define.</param>
    /// <param name="steps">In an order of execution.</param>
    public static ImmutableArray<PlanStep> Sort(int values, ImmutableArray<PlanStep> steps)
    {
        int[] depthOfValue = new int[values], depths = new int[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            depths[i] = steps[i].Inputs.Select(v => depthOfValue[v]).DefaultIfEmpty().Max();
            depthOfValue[steps[i].Output] = depths[i] + (Exchanges(steps[i]) ? 1 : 0);
        }

        bool branches = Enumerable.Range(0, steps.Length).Where(i => Exchanges(steps[i])).GroupBy(i => depths[i]).Any(g => g.Count() > 1);
        return branches
            ? [.. Enumerable.Range(0, steps.Length).OrderBy(i => IsLast(steps[i]) ? int.MaxValue : depths[i]).ThenBy(i => Exchanges(steps[i])).Select(i => steps[i])]
            : steps;
    }

    private static bool Exchanges(PlanStep step) => step is NonLinearStep or SharedSignStep or PolynomialStep;

    private static bool IsLast(PlanStep step) => step is RangeCheckStep or OutputStep;
}
