using System.Diagnostics;

namespace PrivateInference.CommandLine.Output;

/// <summary>Tells on standard error what a long command is doing and how long each part took; standard output stays clean.</summary>
internal sealed class ProgressLog(bool quiet)
{
    private readonly Lock _lock = new();

    public void Say(string message)
    {
        if (quiet)
            return;
        lock (_lock)
            Console.Error.WriteLine(message);
    }

    /// <summary>Runs one part of the work and reports its time.</summary>
    public T Measure<T>(string what, Func<T> work)
    {
        long started = Stopwatch.GetTimestamp();
        T result = work();
        Say($"  {what}: {Quantities.Time(Stopwatch.GetElapsedTime(started))}");
        return result;
    }

    /// <summary>Reports how far a count has come, at most once a second.</summary>
    public Action<int> Counter(string what, int total)
    {
        long last = Stopwatch.GetTimestamp();
        return done =>
        {
            if (done == total || Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(1))
                return;
            last = Stopwatch.GetTimestamp();
            Say($"  {what}: {done} of {total}");
        };
    }
}
