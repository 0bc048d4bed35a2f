using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Chooses a method for each non-linear step by predicted time. Compared are the plan with every step garbled, with every step
/// by oblivious transfer that can be, and with each step as is faster for itself; the fastest is taken, of equal ones the first.
/// What counts is a first inference on a new connection, offline and online, on <see cref="HostProfile.Reference"/> and
/// the given network; so equal inputs give equal plans on any machine.
/// </summary>
internal static class ProtocolChoice
{
    /// <param name="plan">The plan.</param>
    /// <param name="network">Between the parties.</param>
    /// <param name="overrides">Methods that are not to be chosen.</param>
    /// <exception cref="ProtocolOverrideException">An override names no step, or asks for what a step cannot have.</exception>
    public static ExecutionPlan Choose(ExecutionPlan plan, NetworkProfile network, ImmutableArray<ProtocolOverride> overrides)
    {
        FixedMethods methods = new(plan, overrides);
        ExecutionPlan garbled = With(plan, methods, _ => NonLinearMethod.Garbled), transferred = With(plan, methods, _ => NonLinearMethod.ObliviousTransfer);
        if (!transferred.Steps.Any(s => s is NonLinearStep { Method: NonLinearMethod.ObliviousTransfer } or SharedSignStep { Method: NonLinearMethod.ObliviousTransfer }) || Predict(garbled, network) is not { } garbledTime)
            return garbled;
        TimeReport transferredTime = Predict(transferred, network)!;
        double[] gain = [.. garbledTime.Steps.Zip(transferredTime.Steps, (g, t) => Total(g) - Total(t))];
        ExecutionPlan mixed = With(plan, methods, i => gain[i + 1] > 0 ? NonLinearMethod.ObliviousTransfer : NonLinearMethod.Garbled);
        return new[] { (Plan: garbled, Time: garbledTime), (Plan: transferred, Time: transferredTime), (Plan: mixed, Time: Predict(mixed, network)!) }
            .MinBy(c => c.Time.SetupSeconds + c.Time.OfflineSeconds + c.Time.OnlineSeconds).Plan;
    }

    private static ExecutionPlan With(ExecutionPlan plan, FixedMethods methods, Func<int, NonLinearMethod> methodOf)
        => plan with { Steps = [.. plan.Steps.Select((step, i) => FixedMethods.With(step, methods.Of(i) ?? methodOf(i), plan.RingBits))] };

    private static double Total(StepTime time) => time.OfflineSeconds + time.OnlineSeconds;

    /// <summary>Null where the RLWE parameters, which are the caller's choice, leave a layer no way to be executed.</summary>
    private static TimeReport? Predict(ExecutionPlan plan, NetworkProfile network)
    {
        try
        {
            return PlanCosts.Report(plan, HostProfile.Reference, network).Time;
        }
        catch (PlanFormatException)
        {
            return null;
        }
    }
}
