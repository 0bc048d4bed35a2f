using System.Collections.Immutable;

namespace PrivateInference.Backends.Reports;

/// <summary>A rewrite that a plan was compiled with.</summary>
/// <param name="Name">The pass's name.</param>
/// <param name="Contract">What it promises: <c>exact</c>, <c>bounded</c> or <c>lossy</c>.</param>
/// <param name="RelusBefore">Sign decisions of the model that it got.</param>
/// <param name="RelusAfter">Sign decisions of the model that it gave.</param>
/// <param name="Notes">What it had to say.</param>
public sealed record ReportedPass(string Name, string Contract, long RelusBefore, long RelusAfter, ImmutableArray<string> Notes);
