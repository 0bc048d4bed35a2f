using System.Collections.Immutable;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// y_i = (Σ a_k·x̃_i^k) / 2^<see cref="OutputShift"/> with x̃_i = x_i / 2^<see cref="InputShift"/>, with public integer coefficients
/// that may differ by channel. Powers and their sum are computed modulo 2^<see cref="RingBits"/>; x and y are in the plan's ring. Element i has the coefficients of channel
/// (i / <see cref="Inner"/>) mod <see cref="Channels"/>. Divisions round faithfully: to one of the two neighbouring integers, the
/// clear interpreter to the nearest, halves up. With inputs of scale s and results of scale S, a_k stands for
/// a_k·(s/2^InputShift)^k / (S·2^OutputShift).
/// </summary>
public sealed record PolynomialStep : PlanStep
{
    /// <summary>A linear polynomial that divides nothing needs no protocol: it is a convolution.</summary>
    public const int MinDegree = 2;

    /// <summary>What the protocol provides powers for.</summary>
    public const int MaxDegree = 8;

    /// <summary>The largest ring of powers. Above 64 bits they take words of 128, and more than twice the bytes.</summary>
    public const int MaxRingBits = Words.WideBits;

    /// <summary>x.</summary>
    public required int Input { get; init; }

    /// <summary>The degree: 1 to 8, and 1 only where something is shifted.</summary>
    public required int Degree { get; init; }

    /// <summary>Consecutive elements that belong to one channel.</summary>
    public required int Inner { get; init; }

    /// <summary>a: for each channel degree + 1 numbers, ascending powers; one channel where all elements share them.</summary>
    public required ImmutableArray<Int128> Coefficients { get; init; }

    /// <summary>Bits that the input drops before its powers.</summary>
    public int InputShift { get; init; }

    /// <summary>Bits that the result drops.</summary>
    public int OutputShift { get; init; }

    /// <summary>
    /// k, up to <see cref="MaxRingBits"/>: powers and their sum are in Z_2^k, whatever the plan's ring; 0 stands for the latter. Powers are as wide as the degree makes
    /// them, linear layers are not, and pay for every bit of their ring.
    /// </summary>
    public int RingBits { get; init; }

    /// <summary>How powers come about without a dealer.</summary>
    public PowerMethod Method { get; init; }

    /// <summary>How many sets of coefficients there are.</summary>
    public int Channels => Coefficients.Length / (Degree + 1);

    /// <summary>k in a plan.</summary>
    public int PowerBits(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return RingBits == 0 ? plan.RingBits : RingBits;
    }

    /// <summary>Whether the protocol of a method can execute the step.</summary>
    public bool Supports(PowerMethod method, ExecutionPlan plan) => PowerMethods.Supports(method, this, plan);

    public override string Kind => Degree == 1 ? "rescale" : "polynomial";

    public override ImmutableArray<int> Inputs => [Input];
}
