using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>What one pass did.</summary>
internal sealed record AppliedPass(string Name, string Contract, bool Changed, long RelusBefore, long RelusAfter, IReadOnlyList<string> Notes)
{
    public static AppliedPass Of(PassTrace trace) => new(
        trace.Pass, trace.Contract.ToString().ToLowerInvariant(), trace.Changed, trace.Before.SignDecisions, trace.After.SignDecisions, trace.Notes);
}
