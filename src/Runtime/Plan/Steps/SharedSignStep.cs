using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// ReLU with shared sign decisions (Shafran, Segev, Peleg and Hoshen, "Crypto-Oriented Neural Architecture Design", 2021,
/// section 3): y_i = x_i where d_g(i) ≥ 0, else 0, for a public map g from the elements of x to those of d. The result has
/// x's scale. An element of d that no element of x is mapped to is not decided. A decision may be turned round for single
/// elements: always, or at random (Helbitz and Avidan, "Reducing ReLU Count for Privacy-Preserving CNN Speedup", equation 4).
/// </summary>
public sealed record SharedSignStep : PlanStep
{
    /// <summary>x.</summary>
    public required int Input { get; init; }

    /// <summary>d.</summary>
    public required int Decision { get; init; }

    /// <summary>m: the step reads the low m bits of d as a signed number; that is lossless on the analysed range.</summary>
    public required int DecisionBits { get; init; }

    /// <summary>g: for each element of x the element of d that decides about it.</summary>
    public required IndexMap Groups { get; init; }

    /// <summary>Packed bits, one an element of x: those that get the opposite of their decision; empty for none. Public.</summary>
    public ImmutableArray<byte> Turned { get; init; } = [];

    /// <summary>With what probability elements of x get the opposite of their decision besides; null for never.</summary>
    public DecisionNoise? Noise { get; init; }

    /// <summary>The protocol.</summary>
    public NonLinearMethod Method { get; init; }

    /// <summary>Whether the step can be computed that way: noise is drawn in garbled circuits alone.</summary>
    public bool Supports(NonLinearMethod method) => method == NonLinearMethod.Garbled || Noise is null;

    public override string Kind => "shared-sign";

    public override ImmutableArray<int> Inputs => [Input, Decision];

    public override long ReluCount(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        bool[] decided = new bool[plan.Values[Decision].Count];
        foreach (int group in Groups.Expand())
            decided[group] = true;
        return decided.LongCount(d => d);
    }
}
