using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Engine;

public sealed class MessageAuditTests
{
    private static readonly ExecutionPlan s_plan = SamplePlans.EveryStep;
    private static readonly SessionCosts s_costs = new TwoPartyProgram(s_plan).Costs;

    [Fact]
    public void What_was_predicted_passes() => MessageAudit.Require(s_plan, s_costs.Offline, [.. s_costs.Offline]);

    [Fact]
    public void A_byte_more_in_any_message_is_found_and_its_step_named()
    {
        PlannedMessage[] all = [.. s_costs.Setup, .. s_costs.Offline, .. s_costs.Online];
        for (int i = 0; i < all.Length; i++)
        {
            PlannedMessage[] tampered = [.. all];
            tampered[i] = all[i] with { Cost = all[i].Cost with { Bytes = all[i].Cost.Bytes + 1 } };
            AuditException failure = Assert.Throws<AuditException>(() => MessageAudit.Require(s_plan, tampered, all));
            string step = all[i].StepIndex == PlannedMessage.Session ? "session" : $"step '{s_plan.Steps[all[i].StepIndex].Name}'";
            int ofSender = all[..i].Count(m => m.Cost.Sender == all[i].Cost.Sender);
            Assert.Contains($"message {ofSender} of the {all[i].Cost.Sender} ", failure.Message, StringComparison.Ordinal);
            Assert.Contains(
                $"{all[i].Cost.Bytes + 1} bytes from the {all[i].Cost.Sender} ({step}, {all[i].Cost.Phase}) and metered as {all[i].Cost.Bytes} bytes",
                failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_sender_phase_step_or_order_is_found()
    {
        PlannedMessage[] metered = [.. s_costs.Online];
        PlannedMessage second = metered[1];
        PlannedMessage[] tampered =
        [
            second with { StepIndex = second.StepIndex + 1 },
            second with { Cost = second.Cost with { Phase = Phase.Offline } },
            second with { Cost = second.Cost with { Sender = Party.Client } },
            metered[2],
        ];
        foreach (PlannedMessage wrong in tampered)
            Assert.Throws<AuditException>(() => MessageAudit.Require(s_plan, [metered[0], wrong, .. metered[2..]], metered));
    }

    [Fact]
    public void Messages_of_both_parties_may_cross()
    {
        PlannedMessage[] metered = [.. s_costs.Online.OrderByDescending(m => m.Cost.Sender)];
        Assert.NotEqual(s_costs.Online, metered);
        MessageAudit.Require(s_plan, s_costs.Online, metered);
    }

    [Fact]
    public void A_message_too_many_or_too_few_is_found()
    {
        PlannedMessage[] metered = [.. s_costs.Online];
        Assert.Contains("predicted as none", Assert.Throws<AuditException>(() => MessageAudit.Require(s_plan, metered[..^1], metered)).Message, StringComparison.Ordinal);
        Assert.Contains("metered as none", Assert.Throws<AuditException>(() => MessageAudit.Require(s_plan, metered, metered[..^1])).Message, StringComparison.Ordinal);
    }
}
