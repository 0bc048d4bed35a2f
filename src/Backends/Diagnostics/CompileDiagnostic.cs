namespace PrivateInference.Backends.Diagnostics;

/// <summary>A node that cannot be executed securely, why, and what to do about it.</summary>
/// <param name="Code">A stable identifier, see <see cref="CompileDiagnosticCodes"/>.</param>
/// <param name="Node">The node's name in the model.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Message">What is not possible.</param>
/// <param name="Hint">The nearest rewrite; null when there is none.</param>
public sealed record CompileDiagnostic(string Code, string Node, string Operation, string Message, string? Hint = null)
{
    /// <summary><c>OM2001: softmax 'probabilities': message Hint.</c></summary>
    public override string ToString() => $"{Code}: {Operation} '{Node}': {Message}{(Hint is null ? "" : " " + Hint)}";
}
