using System.Collections.Immutable;

namespace PrivateInference.Backends.Diagnostics;

/// <summary>The model cannot be compiled; every offending node is listed at once.</summary>
public sealed class UnsupportedOperationsException(ImmutableArray<CompileDiagnostic> diagnostics)
    : Exception($"The model cannot be compiled:\n{string.Join('\n', diagnostics.Select(d => "  " + d))}")
{
    /// <summary>In graph order.</summary>
    public ImmutableArray<CompileDiagnostic> Diagnostics { get; } = diagnostics;
}
