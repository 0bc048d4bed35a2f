using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>(left ≪ LeftShift) ± (right ≪ RightShift), element-wise; the shifts align scales. Local.</summary>
public sealed record AddStep : PlanStep
{
    public required int Left { get; init; }

    public required int Right { get; init; }

    public int LeftShift { get; init; }

    public int RightShift { get; init; }

    /// <summary>Subtract the right operand instead.</summary>
    public bool Subtract { get; init; }

    public override string Kind => Subtract ? "sub" : "add";

    public override ImmutableArray<int> Inputs => [Left, Right];
}
