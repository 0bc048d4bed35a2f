using System.Diagnostics;
using System.Text;

namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>A running <c>onnx2mpc</c>, as a user would start it: an operating-system process of its own.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ToolProcess(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "onnx2mpc.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    public static ToolProcess Start(params string[] arguments) => new(arguments);

    /// <summary>Runs to the end.</summary>
    public static ToolResult Run(params string[] arguments)
    {
        using ToolProcess tool = new(arguments);
        return tool.WaitForExit();
    }

    public ToolResult WaitForExit()
    {
        if (!_process.WaitForExit(Limit))
        {
            _process.Kill();
            Assert.Fail($"onnx2mpc did not end within {Limit.TotalSeconds} s. Its messages: {Error}");
        }

        _process.WaitForExit();
        return new ToolResult(_process.ExitCode, Output, Error);
    }

    /// <summary>Waits until a condition on the process's messages holds.</summary>
    public void WaitFor(Func<ToolProcess, bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition(this))
        {
            Assert.False(_process.HasExited && !condition(this), $"onnx2mpc ended before {what}. Its messages: {Error}");
            Assert.True(watch.Elapsed < Limit, $"No sign of {what} within {Limit.TotalSeconds} s. The messages: {Error}");
            Task.Delay(20).Wait();
        }
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
                text.Append(line).Append('\n');
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
