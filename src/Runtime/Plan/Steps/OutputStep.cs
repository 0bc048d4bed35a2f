using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// The server sends its share; the client adds its own, decodes, and applies what the model ends with in the clear.
/// The step's value is the opened integer tensor.
/// </summary>
public sealed record OutputStep : PlanStep
{
    public required int Input { get; init; }

    /// <summary>What the client computes on the decoded tensor; <see cref="OutputDecoder"/> does it.</summary>
    public OutputFunction Function { get; init; }

    /// <summary>The axis of <see cref="Function"/>.</summary>
    public int Axis { get; init; }

    /// <summary>After <see cref="OutputFunction.ArgMax"/> the axis stays, with size 1.</summary>
    public bool KeepAxis { get; init; }

    /// <summary>Of equal elements <see cref="OutputFunction.ArgMax"/> takes the last instead of the first.</summary>
    public bool SelectLast { get; init; }

    public override string Kind => "output";

    public override ImmutableArray<int> Inputs => [Input];
}
