using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// The public half of a compiled model: what both parties know. It holds the architecture, shapes, scales, ring and
/// protocol choices, and no weight. Both parties execute its steps in order.
/// </summary>
public sealed record ExecutionPlan
{
    /// <summary>The format this build reads and writes; a file of another version is refused by name.</summary>
    public const int FormatVersion = 1;

    /// <summary>The largest ℓ.</summary>
    public const int RingLimit = 64;

    /// <summary>The model's name, as reports and messages show it.</summary>
    public required string Name { get; init; }

    /// <summary>The backend that chose the protocols: <c>gc</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>ℓ: shares live in Z_2^ℓ, 2 ≤ ℓ ≤ 64.</summary>
    public required int RingBits { get; init; }

    /// <summary>Every value of the program; a value's index is its identifier in steps.</summary>
    public required ImmutableArray<PlanValue> Values { get; init; }

    /// <summary>The program, in execution order. A step reads values that earlier steps define.</summary>
    public required ImmutableArray<PlanStep> Steps { get; init; }

    /// <summary>
    /// SHA-256 of the body of the weight file that belongs to this plan. It lets a party who already has a candidate
    /// weight file confirm it, and tells nothing else about the weights.
    /// </summary>
    public required ImmutableArray<byte> WeightsDigest { get; init; }

    /// <summary>Names of the classes, for people; empty where the model has none.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The same plan in the largest rings, where values that leave their bits do not wrap around, and are seen.</summary>
    public ExecutionPlan InLargestRings() => this with
    {
        RingBits = RingLimit,
        Steps = [.. Steps.Select(s => s is PolynomialStep p ? p with { RingBits = p.RingBits > RingLimit ? PolynomialStep.MaxRingBits : 0 } : s)],
    };

    /// <summary>Whether the parties draw noise that changes the result, so that two inferences of one input may differ.</summary>
    public bool IsNoisy => Steps.Any(s => s is SharedSignStep { Noise: not null });

    /// <summary>
    /// SHA-256 of the plan file's body, which includes <see cref="WeightsDigest"/>: the plan's identity in handshakes and
    /// stores. Computed at each call.
    /// </summary>
    public ImmutableArray<byte> Hash => PlanSerializer.Hash(this);
}
