namespace PrivateInference.Backends.Reports;

/// <summary>A plan's measured accuracy, from 0 to 1.</summary>
/// <param name="Samples">On how many samples.</param>
/// <param name="Against">What counts as right, as words: <c>labels</c>.</param>
/// <param name="Plan">The plan's accuracy, by its clear fixed-point execution, which the secure one equals bit for bit.</param>
/// <param name="Model">That of the float model before any pass, on the same samples; null where it was not measured.</param>
public sealed record ReportedAccuracy(int Samples, string Against, double Plan, double? Model);
