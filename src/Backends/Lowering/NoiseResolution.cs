using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering;

/// <summary>
/// A probability as a fraction t / 2^k with few bits, as each bit costs the parties a transfer and an AND gate an element: the
/// smallest k that gives it, and its complement, to within one hundredth of themselves.
/// </summary>
internal static class NoiseResolution
{
    private const double Tolerance = 0.01;

    /// <returns>Null where 16 bits round the probability to 0 or 1.</returns>
    public static DecisionNoise? Of(double probability)
    {
        double allowed = Tolerance * Math.Min(probability, 1 - probability);
        for (int bits = 1; ; bits++)
        {
            int threshold = (int)Math.Round(Math.ScaleB(probability, bits));
            DecisionNoise noise = new(bits, threshold);
            if (Math.Abs(noise.Probability - probability) <= allowed || bits == DecisionNoise.MaxBits)
                return threshold > 0 && threshold < 1 << bits ? noise : null;
        }
    }
}
