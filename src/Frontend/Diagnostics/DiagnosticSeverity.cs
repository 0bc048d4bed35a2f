namespace PrivateInference.Frontend.Diagnostics;

/// <summary>How much a diagnostic matters.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The model imports; the user should know.</summary>
    Warning,

    /// <summary>The model cannot be compiled.</summary>
    Error,
}
