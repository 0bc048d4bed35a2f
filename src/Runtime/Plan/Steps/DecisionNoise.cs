namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// The probability Threshold / 2^Bits with which each decision is turned round; a turn for each element that is decided about,
/// independent of all others, drawn anew at every inference and known to no party.
/// </summary>
/// <param name="Bits">k, 1 to <see cref="MaxBits"/>: the random bits that a turn takes.</param>
/// <param name="Threshold">More than 0 and less than 2^k.</param>
public sealed record DecisionNoise(int Bits, int Threshold)
{
    public const int MaxBits = 16;

    public double Probability => Math.ScaleB(Threshold, -Bits);
}
