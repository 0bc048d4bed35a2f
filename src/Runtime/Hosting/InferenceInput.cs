using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Checks a client's tensor before anything is sent.</summary>
internal static class InferenceInput
{
    /// <exception cref="ArgumentException">The tensor does not fit the plan's input.</exception>
    public static void Require(ExecutionPlan plan, ReadOnlySpan<float> input)
    {
        PlanValue expected = plan.Values[plan.Steps.OfType<InputStep>().Single().Output];
        if (input.Length != expected.Count)
        {
            throw new ArgumentException(
                $"The plan's input '{expected.Name}' has shape {string.Join('x', expected.Shape)} ({expected.Count} elements); {input.Length} were given.",
                nameof(input));
        }

        for (int i = 0; i < input.Length; i++)
        {
            if (float.IsNaN(input[i]))
                throw new ArgumentException($"Element {i} of the input is not a number.", nameof(input));
        }
    }
}
