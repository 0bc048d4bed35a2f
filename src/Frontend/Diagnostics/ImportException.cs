namespace PrivateInference.Frontend.Diagnostics;

/// <summary>Ends the import of one node (or input); the graph importer turns it into a <see cref="Diagnostic"/> and goes on.</summary>
internal sealed class ImportException(string code, string message, string? hint = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Hint { get; } = hint;

    public static ImportException Unsupported(string message, string? hint = null)
        => new(DiagnosticCodes.UnsupportedFeature, message, hint);

    public static ImportException MissingAttribute(string name)
        => new(DiagnosticCodes.InvalidNode, $"attribute '{name}' is missing.");
}
