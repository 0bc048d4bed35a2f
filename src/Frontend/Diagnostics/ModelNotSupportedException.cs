using System.Collections.Immutable;

namespace PrivateInference.Frontend.Diagnostics;

/// <summary>A valid model that cannot be compiled; carries every reason at once.</summary>
public sealed class ModelNotSupportedException(ImmutableArray<Diagnostic> diagnostics) : Exception(Describe(diagnostics))
{
    /// <summary>All findings, warnings included, in the order of the model's nodes.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;

    private static string Describe(ImmutableArray<Diagnostic> diagnostics)
    {
        Diagnostic[] errors = [.. diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
        string count = errors.Length == 1 ? "1 problem" : $"{errors.Length} problems";
        return string.Join('\n', [$"The model cannot be compiled: {count}.", .. errors.Select(e => "  " + e)]);
    }
}
