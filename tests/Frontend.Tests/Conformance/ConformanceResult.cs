namespace PrivateInference.Frontend.Tests.Conformance;

internal enum ConformanceOutcome
{
    Passed,

    /// <summary>The importer says why it does not take the model.</summary>
    Refused,

    /// <summary>The published data are wrong.</summary>
    Faulty,

    /// <summary>The model imports and something other than the expected output comes of it.</summary>
    Failed,
}

/// <param name="Case">The case.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">Why it did not pass; empty when it did.</param>
internal sealed record ConformanceResult(ConformanceCase Case, ConformanceOutcome Outcome, string Reason);
