using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// One instruction of a plan. A step defines exactly one value. The clear meaning of each step is in
/// <see cref="FixedPointInterpreter"/>; how two parties execute it is in <c>Protocols/</c>.
/// </summary>
public abstract record PlanStep
{
    /// <summary>The name a user knows the step by: the node of the model it comes from.</summary>
    public required string Name { get; init; }

    /// <summary>Index of the value this step defines.</summary>
    public required int Output { get; init; }

    /// <summary>Stable lower-case kind, as the cost report shows it: <c>conv2d</c>, <c>relu</c>, <c>maxpool</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Indices of the values this step reads.</summary>
    public abstract ImmutableArray<int> Inputs { get; }

    /// <summary>Sign decisions (DReLU evaluations) per inference that this step makes.</summary>
    public virtual long ReluCount(ExecutionPlan plan) => 0;
}
