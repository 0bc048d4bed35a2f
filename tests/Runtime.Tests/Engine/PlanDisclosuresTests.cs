using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Engine;

public sealed class PlanDisclosuresTests
{
    [Fact]
    public void Groups_of_shared_decisions_are_disclosed_where_a_plan_has_some()
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        Disclosure groups = Assert.Single(PlanDisclosures.Of(plan), d => d.Subject == "decision groups");
        Assert.Equal((Party.Client, Party.Server), (groups.Learner, groups.Owner));

        SharedSignStep[] shared = [.. plan.Steps.OfType<SharedSignStep>()];
        ExecutionPlan without = plan with
        {
            Steps = [.. plan.Steps.Select(s => s is SharedSignStep step ? new ReshapeStep { Name = step.Name, Input = step.Input, Output = step.Output } : s)],
        };
        Assert.NotEmpty(shared);
        Assert.DoesNotContain(PlanDisclosures.Of(without), d => d.Subject == "decision groups");
    }

    [Fact]
    public void Noise_is_disclosed_as_a_probability_and_fixed_turns_as_they_are()
    {
        Assert.Single(PlanDisclosures.Of(SamplePlans.Noisy), d => d.Subject == "noise");
        Assert.DoesNotContain(PlanDisclosures.Of(SamplePlans.EveryStep), d => d.Subject == "noise");
        Assert.Single(PlanDisclosures.Of(SamplePlans.EveryStep), d => d.Subject == "fixed noise");
        Assert.DoesNotContain(PlanDisclosures.Of(SecretPlan.Plan), d => d.Subject == "fixed noise");
    }

    [Fact]
    public void What_a_range_check_tells_is_disclosed_where_a_plan_has_one()
    {
        Disclosure check = Assert.Single(PlanDisclosures.Of(SamplePlans.Dividing), d => d.Subject == "range check");
        Assert.Equal((Party.Client, Party.Server), (check.Learner, check.Owner));
        Assert.Single(PlanDisclosures.Of(SamplePlans.Dividing), d => d.Subject == "fitted intervals");
        Assert.DoesNotContain(PlanDisclosures.Of(SamplePlans.EveryStep), d => d.Subject == "range check");
    }

    [Fact]
    public void Coefficients_are_disclosed_where_a_plan_has_polynomials()
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        Disclosure coefficients = Assert.Single(PlanDisclosures.Of(plan), d => d.Subject == "polynomial coefficients");
        Assert.Equal((Party.Client, Party.Server), (coefficients.Learner, coefficients.Owner));
        Assert.DoesNotContain(PlanDisclosures.Of(SecretPlan.Plan), d => d.Subject == "polynomial coefficients");
    }
}
