using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// y_i = Σ a_k·x_i^k in the ring, with public integer coefficients that may differ by channel. Nothing is truncated: with
/// inputs of scale s and results of scale S, a_k stands for a_k·s^k/S. Element i has the coefficients of channel
/// (i / <see cref="Inner"/>) mod <see cref="Channels"/>.
/// </summary>
public sealed record PolynomialStep : PlanStep
{
    /// <summary>A linear polynomial needs no protocol: it is a convolution.</summary>
    public const int MinDegree = 2;

    /// <summary>What the protocol provides powers for.</summary>
    public const int MaxDegree = 4;

    /// <summary>x.</summary>
    public required int Input { get; init; }

    /// <summary>The degree, 2 to 4.</summary>
    public required int Degree { get; init; }

    /// <summary>Consecutive elements that belong to one channel.</summary>
    public required int Inner { get; init; }

    /// <summary>a: for each channel degree + 1 numbers, ascending powers; one channel where all elements share them.</summary>
    public required ImmutableArray<long> Coefficients { get; init; }

    /// <summary>How many sets of coefficients there are.</summary>
    public int Channels => Coefficients.Length / (Degree + 1);

    public override string Kind => "polynomial";

    public override ImmutableArray<int> Inputs => [Input];
}
