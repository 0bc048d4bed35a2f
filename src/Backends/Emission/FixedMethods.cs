using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>The methods of a plan's steps, as far as overrides say them.</summary>
internal sealed class FixedMethods
{
    private readonly NonLinearMethod?[] _methods;

    /// <exception cref="ProtocolOverrideException">An override names no step, or asks for what a step cannot have.</exception>
    public FixedMethods(ExecutionPlan plan, ImmutableArray<ProtocolOverride> overrides)
    {
        _methods = new NonLinearMethod?[plan.Steps.Length];
        foreach (ProtocolOverride wanted in overrides.OrderBy(o => o.Step is not null))
        {
            int[] steps = [.. Enumerable.Range(0, plan.Steps.Length).Where(i => HasChoice(plan.Steps[i]) && (wanted.Step ?? plan.Steps[i].Name) == plan.Steps[i].Name)];
            if (wanted.Step is not null)
                Require(plan, wanted, steps);
            foreach (int step in steps.Where(s => Supports(plan, s, wanted.Method)))
                _methods[step] = wanted.Method;
        }
    }

    /// <summary>Null where it is free.</summary>
    public NonLinearMethod? Of(int step) => _methods[step];

    /// <summary>The step with a method, where it can have it.</summary>
    public static PlanStep With(PlanStep step, NonLinearMethod method, int ringBits) => step switch
    {
        NonLinearStep s when s.Supports(method, ringBits) => s with { Method = method },
        SharedSignStep s when s.Supports(method) => s with { Method = method },
        _ => step,
    };

    private static bool HasChoice(PlanStep step) => step is NonLinearStep or SharedSignStep;

    private static bool Supports(ExecutionPlan plan, int step, NonLinearMethod method) => plan.Steps[step] switch
    {
        NonLinearStep s => s.Supports(method, plan.RingBits),
        SharedSignStep s => s.Supports(method),
        _ => false,
    };

    private static void Require(ExecutionPlan plan, ProtocolOverride wanted, int[] steps)
    {
        if (steps.Length == 0)
        {
            string[] names = [.. plan.Steps.Where(HasChoice).Select(s => s.Name).Distinct(StringComparer.Ordinal)];
            string known = names.Length == 0 ? "the plan has none" : $"these have: {string.Join(", ", names)}";
            throw new ProtocolOverrideException($"There is no step '{wanted.Step}' whose protocol could be chosen; {known}.");
        }

        if (!steps.Any(s => Supports(plan, s, wanted.Method)))
            throw new ProtocolOverrideException($"Step '{wanted.Step}' ({plan.Steps[steps[0]].Kind}) cannot be computed by oblivious transfer; leave it garbled.");
    }
}
