using System.Collections.Immutable;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// Activation(max over a window(x) ≫ Shift), element-wise or pooled, re-shared afresh. The shift is an arithmetic
/// (flooring) one; a rounding constant, where wanted, is part of the preceding bias. Because flooring and the
/// activations are monotone, pooling before them gives the same integers as after them.
/// </summary>
public sealed record NonLinearStep : PlanStep
{
    public required int Input { get; init; }

    /// <summary>m: the step reads the low m bits of the input as a signed number; that is lossless on the analysed range.</summary>
    public required int InputBits { get; init; }

    /// <summary>Bits dropped.</summary>
    public required int Shift { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>Bounds of <see cref="Activation.Clip"/> as integers at the output's scale.</summary>
    public long Lower { get; init; }

    /// <inheritdoc cref="Lower"/>
    public long Upper { get; init; }

    /// <summary>Max-pooling windows, or null for an element-wise step.</summary>
    public PoolGeometry? Pool { get; init; }

    /// <summary>The protocol.</summary>
    public NonLinearMethod Method { get; init; }

    /// <summary>Whether the step can be computed that way in a ring of so many bits.</summary>
    public bool Supports(NonLinearMethod method, int ringBits) => method switch
    {
        NonLinearMethod.Garbled => true,
        NonLinearMethod.ObliviousTransfer => ComparisonProtocol.Supports(this, ringBits),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, message: null),
    };

    public override string Kind => (Pool, Activation) switch
    {
        (null, Activation.None) => "truncate",
        (null, Activation.Relu) => "relu",
        (null, Activation.Clip) => "clip",
        (_, Activation.None) => "maxpool",
        (_, Activation.Relu) => "relu-maxpool",
        (_, Activation.Clip) => "clip-maxpool",
        _ => throw new InvalidOperationException($"Unknown activation {Activation}."),
    };

    public override ImmutableArray<int> Inputs => [Input];

    public override long ReluCount(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        long decisions = Activation switch { Activation.Relu => 1, Activation.Clip => 2, _ => 0 };
        return plan.Values[Output].Count * (decisions + (Pool?.WindowSize ?? 1) - 1);
    }
}
