using PrivateInference.Backends.Diagnostics;
using PrivateInference.Frontend.Diagnostics;

namespace PrivateInference.CommandLine.Output;

/// <summary>
/// Findings in the form that MSBuild and editors recognise, a line each: <c>FILE : error OM3001: text</c>.
/// </summary>
internal static class BuildMessages
{
    /// <summary>What <c>--message-format</c> calls it.</summary>
    public const string Name = "msbuild";

    /// <summary>Runs a command, and turns a failure into messages about a file.</summary>
    /// <returns>The command's exit code, or the failure's.</returns>
    public static int Guard(string file, Func<int> command)
    {
        try
        {
            return command();
        }
#pragma warning disable CA1031 // As in the program itself: every failure becomes a message and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (Finding finding in Findings(e))
                Console.Error.WriteLine(Line(file, "error", finding));
            return ErrorReport.CodeOf(e);
        }
    }

    /// <param name="file">What it is about.</param>
    /// <param name="code">The warning's.</param>
    /// <param name="text">Begins with the code.</param>
    public static void Warn(string file, string code, string text) => Console.Error.WriteLine(Line(file, "warning", Of(code, text)));

    private static IEnumerable<Finding> Findings(Exception failure) => failure switch
    {
        CheckFailedException { Findings: { IsDefaultOrEmpty: false } findings } => findings,
        UnsupportedOperationsException e => e.Diagnostics.Select(d => Of(d.Code, $"{d}")),
        ModelNotSupportedException e => e.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => Of(d.Code, $"{d}")),
        _ => [new Finding(Finding.Other, ErrorReport.Describe(failure))],
    };

    // A diagnostic's text begins with its code.
    private static Finding Of(string code, string text) => new(code, text[(code.Length + 2)..]);

    private static string Line(string file, string severity, Finding finding)
        => $"{file} : {severity} {finding.Code}: {string.Join(' ', finding.Text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}";
}
