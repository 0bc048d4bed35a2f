using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Engine;

/// <summary>Holds the metered messages of a phase against the predicted ones: same order, step, phase, sender and bytes.</summary>
internal static class MessageAudit
{
    /// <exception cref="AuditException">The first difference, named.</exception>
    public static void Require(ExecutionPlan plan, IReadOnlyList<PlannedMessage> predicted, IReadOnlyList<PlannedMessage> metered)
    {
        for (int i = 0; i < Math.Max(predicted.Count, metered.Count); i++)
        {
            PlannedMessage? expected = i < predicted.Count ? predicted[i] : null;
            PlannedMessage? actual = i < metered.Count ? metered[i] : null;
            if (expected != actual)
                throw new AuditException($"Audit: message {i} was predicted as {Describe(plan, expected)} and metered as {Describe(plan, actual)}.");
        }
    }

    private static string Describe(ExecutionPlan plan, PlannedMessage? message)
    {
        if (message is not { } m)
            return "none";
        string step = m.StepIndex == PlannedMessage.Session ? "session" : $"step '{plan.Steps[m.StepIndex].Name}'";
        return $"{m.Cost.Bytes} bytes from the {m.Cost.Sender} ({step}, {m.Cost.Phase})";
    }
}
