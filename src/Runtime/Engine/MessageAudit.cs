using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// Holds the metered messages of a phase against the predicted ones: same step, phase and bytes, and each party's in the same order.
/// Messages may cross, so that a party meters what it receives sooner or later.
/// </summary>
internal static class MessageAudit
{
    /// <exception cref="AuditException">The first difference, named.</exception>
    public static void Require(ExecutionPlan plan, IReadOnlyList<PlannedMessage> predicted, IReadOnlyList<PlannedMessage> metered)
    {
        foreach (Party sender in Enum.GetValues<Party>())
            Require(plan, sender, [.. predicted.Where(m => m.Cost.Sender == sender)], [.. metered.Where(m => m.Cost.Sender == sender)]);
    }

    private static void Require(ExecutionPlan plan, Party sender, PlannedMessage[] predicted, PlannedMessage[] metered)
    {
        for (int i = 0; i < Math.Max(predicted.Length, metered.Length); i++)
        {
            PlannedMessage? expected = i < predicted.Length ? predicted[i] : null;
            PlannedMessage? actual = i < metered.Length ? metered[i] : null;
            if (expected != actual)
                throw new AuditException($"Audit: message {i} of the {sender} was predicted as {Describe(plan, expected)} and metered as {Describe(plan, actual)}.");
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
