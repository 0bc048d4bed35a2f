using System.Collections.Immutable;

namespace PrivateInference.Backends.Reports;

/// <summary>What the report of a plan is made from.</summary>
public sealed record ReportContent
{
    public required ReportedPlan Plan { get; init; }

    public required ReportSettings Settings { get; init; }

    /// <summary>The rewrites that the plan was compiled with, where they are known.</summary>
    public ImmutableArray<ReportedPass> Passes { get; init; } = [];

    /// <summary>The same model compiled in the same way without rewrites; null without rewrites, or where it cannot be compiled.</summary>
    public ReportedPlan? Unmodified { get; init; }

    /// <summary>Why there is nothing to compare with, although there are rewrites; null otherwise.</summary>
    public string? UnmodifiedProblem { get; init; }
}
