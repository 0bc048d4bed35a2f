using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>Adds the server's private constant, stored with the output's full shape and scale. Local to the server.</summary>
public sealed record AddConstantStep : PlanStep
{
    public required int Input { get; init; }

    /// <summary>Index of the tensor in the weight file.</summary>
    public required int Constant { get; init; }

    public override string Kind => "add-constant";

    public override ImmutableArray<int> Inputs => [Input];
}
