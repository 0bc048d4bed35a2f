using PrivateInference.Backends.Diagnostics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Chooses how each polynomial's powers come about: as the caller says, or by predicted time on the given network and
/// <see cref="HostProfile.Reference"/>, so that equal inputs give equal plans on any machine. Of equally fast ways the first is taken.
/// </summary>
internal static class PowerChoice
{
    /// <exception cref="PowerMethodException">The caller's method is none for some polynomial.</exception>
    public static ExecutionPlan Choose(ExecutionPlan plan, CompileOptions options)
    {
        if (!plan.Steps.OfType<PolynomialStep>().Any())
            return plan;
        if (options.Powers is { } method)
            return With(plan, (_, step) => Require(plan, step, method));
        PowerMethod[] methods = Enum.GetValues<PowerMethod>();
        TimeReport[] times = [.. methods.Select(m => Predict(With(plan, (_, step) => step.Supports(m, plan) ? m : PowerMethod.HoneyBadger), options.Network))];
        return With(plan, (i, step) => methods.Zip(times).Where(c => step.Supports(c.First, plan)).MinBy(c => Seconds(c.Second.Steps[i + 1], options.PowerGoal)).First);
    }

    private static PowerMethod Require(ExecutionPlan plan, PolynomialStep step, PowerMethod method)
    {
        // What only divides has no powers.
        if (step.Degree < PolynomialStep.MinDegree)
            return PowerMethod.HoneyBadger;
        if (step.Supports(method, plan))
            return method;
        throw new PowerMethodException(step.Name);
    }

    private static ExecutionPlan With(ExecutionPlan plan, Func<int, PolynomialStep, PowerMethod> methodOf)
        => plan with { Steps = [.. plan.Steps.Select((step, i) => step is PolynomialStep s ? s with { Method = methodOf(i, s) } : step)] };

    private static double Seconds(StepTime time, PowerGoal goal) => goal == PowerGoal.Online ? time.OnlineSeconds : time.OfflineSeconds + time.OnlineSeconds;

    private static TimeReport Predict(ExecutionPlan plan, NetworkProfile network) => PlanCosts.Report(plan, HostProfile.Reference, network).Time!;
}
