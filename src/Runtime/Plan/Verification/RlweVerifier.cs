using System.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan.Verification;

/// <summary>
/// The form of a linear step's RLWE parameters. Whether they are secure and leave room for the noise is checked by the
/// homomorphic kernel, which derives both again.
/// </summary>
internal static class RlweVerifier
{
    public static void Require(ConvolutionStep step)
    {
        RlweSettings rlwe = step.Rlwe;
        Check.That(BitOperations.IsPow2(rlwe.Degree) && rlwe.Degree <= PlanLimits.RlweDegree, $"Step '{step.Name}' has an RLWE degree of {rlwe.Degree}.");
        Check.That(rlwe.PrimeCount is > 0 and <= PlanLimits.RlwePrimes, $"Step '{step.Name}' has {rlwe.PrimeCount} RLWE primes.");
        Check.That(rlwe.WeightNormBits is >= 0 and <= 64, $"Step '{step.Name}' bounds its weights by 2^{rlwe.WeightNormBits}.");
        Check.That(rlwe.FloodBits >= 0 && rlwe.FloodBits < 64 * rlwe.PrimeCount, $"Step '{step.Name}' floods {rlwe.FloodBits} bits of {rlwe.PrimeCount} primes.");
    }
}
