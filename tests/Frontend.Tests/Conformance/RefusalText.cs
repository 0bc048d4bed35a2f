using System.Text.RegularExpressions;
using PrivateInference.Frontend.Diagnostics;

namespace PrivateInference.Frontend.Tests.Conformance;

internal static partial class RefusalText
{
    /// <summary>All reasons of a refusal in a line, without the names that one model gives its values.</summary>
    public static string Describe(IEnumerable<Diagnostic> diagnostics)
        => string.Join("; ", diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(Describe).Distinct(StringComparer.Ordinal));

    /// <summary>A message without value names and full stop.</summary>
    public static string WithoutNames(string message) => ValueName().Replace(message, "${kind}").TrimEnd('.');

    private static string Describe(Diagnostic diagnostic)
    {
        if (diagnostic.Code is DiagnosticCodes.UnsupportedOperator)
            return $"{diagnostic.OperatorType} is not imported";
        string subject = diagnostic.OperatorType is null ? "" : diagnostic.OperatorType + ": ";
        return subject + WithoutNames(diagnostic.Message);
    }

    [GeneratedRegex("(?<kind>tensor|input|output|value|operand) '[^']*'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ValueName();
}
