using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The protocols of <see cref="PowerMethod"/>.</summary>
internal static class PowerMethods
{
    /// <summary>Whether a step of a verified plan can have its powers in this way.</summary>
    public static bool Supports(PowerMethod method, PolynomialStep step, ExecutionPlan plan) => method switch
    {
        PowerMethod.HoneyBadger => true,
        PowerMethod.Binomial => BinomialProtocol.Supports(step, plan),
        PowerMethod.Beaver => step.Degree >= PolynomialStep.MinDegree,
        _ => false,
    };

    /// <param name="index">The step's index in the plan.</param>
    /// <param name="step">The step.</param>
    /// <param name="plan">A verified plan.</param>
    public static IPolynomialProtocol Create(int index, PolynomialStep step, ExecutionPlan plan) => step.Method switch
    {
        PowerMethod.HoneyBadger => new PolynomialProtocol(index, step, plan),
        PowerMethod.Binomial => new BinomialProtocol(index, step, plan),
        PowerMethod.Beaver => new BeaverProtocol(index, step, plan),
        _ => throw new InvalidOperationException($"Unknown method {step.Method}."),
    };
}
