using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Plan.Verification;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// Checks everything that a runtime relies on, so that execution needs no checks of its own: indices, order, shapes,
/// geometry, scales, bit widths, and sizes. A plan that passes cannot make a party read outside a buffer or overflow an
/// index, whoever wrote it.
/// </summary>
public static class PlanVerifier
{
    /// <exception cref="PlanFormatException">The plan has no meaning, or asks for more than <see cref="PlanLimits"/>.</exception>
    public static void Require(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Check.That(plan.RingBits is >= 2 and <= 64, $"The ring has {plan.RingBits} bits; 2 to 64 are possible.");
        Check.Name(plan.Name, "The plan");
        Check.Name(plan.Backend, "The plan's backend");
        Check.That(plan.WeightsDigest.Length == 32, "The weights' digest is not a SHA-256 value.");
        Check.That(plan.Labels.Length <= PlanLimits.Labels, $"The plan has {plan.Labels.Length} labels; the limit is {PlanLimits.Labels}.");
        foreach (string label in plan.Labels)
            Check.Name(label, "A label");
        RequireValues(plan);
        RequireSteps(plan);
    }

    /// <exception cref="PlanFormatException">The plan has no meaning, or the weights do not fit it.</exception>
    public static void Require(ExecutionPlan plan, ModelWeights weights)
    {
        Require(plan);
        ArgumentNullException.ThrowIfNull(weights);
        foreach (PlanStep step in plan.Steps)
            WeightVerifier.Require(plan, step, weights);
    }

    private static void RequireValues(ExecutionPlan plan)
    {
        Check.That(plan.Values.Length is > 0 and <= PlanLimits.Values, $"The plan has {plan.Values.Length} values; 1 to {PlanLimits.Values} are possible.");
        long total = 0;
        foreach (PlanValue value in plan.Values)
        {
            ValueVerifier.Require(value, plan.RingBits);
            total += value.Count;
        }

        Check.That(total <= PlanLimits.TotalElements, $"The values have {total} elements together; the limit is {PlanLimits.TotalElements}.");
    }

    private static void RequireSteps(ExecutionPlan plan)
    {
        Check.That(plan.Steps.Length == plan.Values.Length, $"The plan has {plan.Values.Length} values and {plan.Steps.Length} steps; each step defines one value.");
        Check.That(plan.Steps[0] is InputStep && plan.Steps.Count(s => s is InputStep) == 1, "A plan begins with its one input.");
        Check.That(plan.Steps[^1] is OutputStep && plan.Steps.Count(s => s is OutputStep) == 1, "A plan ends with its one output.");
        Check.That(!plan.Steps.Take(plan.Steps.Length - 2).Any(s => s is RangeCheckStep), "A plan's range check comes before its output.");
        bool[] defined = new bool[plan.Values.Length];
        long products = 0;
        foreach (PlanStep step in plan.Steps)
        {
            Check.Name(step.Name, "A step");
            foreach (int input in step.Inputs)
                Check.That((uint)input < (uint)defined.Length && defined[input], $"Step '{step.Name}' reads value {input}, which no earlier step defines.");
            Check.That((uint)step.Output < (uint)defined.Length && !defined[step.Output], $"Step '{step.Name}' defines value {step.Output}, which does not exist or is defined already.");
            StepVerifier.Require(plan, step);
            defined[step.Output] = true;
            if (step is ConvolutionStep { Geometry: var geometry })
                products = checked(products + ((long)geometry.OutputCount * geometry.Taps));
            Check.That(products <= PlanLimits.TotalProducts, $"The plan needs over {PlanLimits.TotalProducts} multiplications.");
        }
    }
}
