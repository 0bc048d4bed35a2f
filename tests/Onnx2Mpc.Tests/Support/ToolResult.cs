namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>How a command ended and what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <exception cref="Xunit.Sdk.XunitException">The command failed.</exception>
    public ToolResult RequireSuccess()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}. Standard error: {Error}");
        return this;
    }
}
