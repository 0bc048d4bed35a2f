namespace PrivateInference.Frontend.Diagnostics;

/// <summary>One finding about a model, as data.</summary>
/// <param name="Code">A stable identifier, see <see cref="DiagnosticCodes"/>.</param>
/// <param name="Severity">Whether it stops the compilation.</param>
/// <param name="NodeName">The node it is about; null when it is about the model or an input.</param>
/// <param name="OperatorType">The node's operator, with its domain when it is not ONNX's own.</param>
/// <param name="Message">What happened.</param>
/// <param name="Hint">What to do about it; null when there is nothing to say.</param>
public sealed record Diagnostic(
    string Code,
    DiagnosticSeverity Severity,
    string? NodeName,
    string? OperatorType,
    string Message,
    string? Hint = null)
{
    /// <summary><c>OM1001: LeakyRelu 'act1': message Hint.</c></summary>
    public override string ToString()
    {
        string place = NodeName is null ? "" : $"{OperatorType} '{NodeName}': ";
        string hint = Hint is null ? "" : " " + Hint;
        return $"{Code}: {place}{Message}{hint}";
    }
}
