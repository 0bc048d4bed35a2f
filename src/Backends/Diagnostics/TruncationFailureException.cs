using System.Globalization;

namespace PrivateInference.Backends.Diagnostics;

/// <summary>Local truncation would fail too often.</summary>
public sealed class TruncationFailureException(double probability, double bound) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"Local truncation would fail with a probability of up to 2^{Math.Log2(probability):0.0} an inference, and 2^{Math.Log2(bound):0.0} is allowed. "
        + $"Choose --truncation faithful, which never fails; or fewer --activation-bits or --weight-bits; or allow it with --max-truncation-failure 2^{Math.Ceiling(Math.Log2(probability)):0}."))
{
    /// <summary>A bound for an inference.</summary>
    public double Probability { get; } = probability;
}
