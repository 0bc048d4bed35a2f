using System.Diagnostics;

namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>Runs a program to its end; for <c>dotnet msbuild</c> and its like.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>Runs <c>dotnet</c> with arguments.</summary>
    public static ToolResult Run(params string[] arguments) => RunProgram("dotnet", arguments);

    public static ToolResult RunProgram(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        // A build of its own: not with the settings of the one that runs the tests, and no process that outlives it.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Limit.TotalSeconds} s.");
        }

        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }
}
