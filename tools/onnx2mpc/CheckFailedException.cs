using System.Collections.Immutable;
using PrivateInference.CommandLine.Output;

namespace PrivateInference.CommandLine;

/// <summary>A check that the user asked for did not hold.</summary>
internal sealed class CheckFailedException(string message, ImmutableArray<Finding> findings = default) : Exception(message)
{
    /// <summary>What did not hold, one by one; default where the message says it all.</summary>
    public ImmutableArray<Finding> Findings { get; } = findings;
}
