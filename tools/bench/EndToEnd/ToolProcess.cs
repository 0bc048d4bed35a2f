using System.Diagnostics;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>A running <c>onnx2mpc</c>, with its output and its peak resident memory.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan SamplingInterval = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;
    private readonly Task _sampling;

    private ToolProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
        _sampling = SampleMemoryAsync();
    }

    /// <summary>The high-water mark of resident memory, as last seen while the process lived.</summary>
    public long PeakBytes { get; private set; }

    public bool HasExited => _process.HasExited;

    public static ToolProcess Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "onnx2mpc.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ToolProcess(Process.Start(start) ?? throw new InvalidOperationException("'dotnet' did not start."));
    }

    /// <summary>Waits for the end; returns standard output.</summary>
    /// <exception cref="InvalidOperationException">The process failed; the message is its standard error.</exception>
    public async Task<string> FinishAsync()
    {
        await _process.WaitForExitAsync();
        await _sampling;
        if (_process.ExitCode != 0)
            throw new InvalidOperationException($"onnx2mpc failed with exit code {_process.ExitCode}:\n{await _errors}");
        return await _output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task SampleMemoryAsync()
    {
        try
        {
            while (!_process.HasExited)
            {
                _process.Refresh();
                PeakBytes = Math.Max(PeakBytes, _process.PeakWorkingSet64);
                await Task.Delay(SamplingInterval);
            }
        }
        catch (InvalidOperationException)
        {
            // The process ended, or was disposed, between two looks.
        }
    }
}
