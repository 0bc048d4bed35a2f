using System.Diagnostics;

namespace PrivateInference.Runtime.Transport.Emulation;

/// <summary>Real time, for both parties alike.</summary>
internal sealed class WallClock : ILinkClock
{
    private const double LongestSleepSeconds = 60;

    private readonly long _started = Stopwatch.GetTimestamp();

    public double Now => Stopwatch.GetElapsedTime(_started).TotalSeconds;

    public void WaitUntil(double time)
    {
        // A sleep may end a moment early, and is bounded.
        for (double left = time - Now; left > 0; left = time - Now)
            Thread.Sleep(TimeSpan.FromSeconds(Math.Min(left, LongestSleepSeconds)) + TimeSpan.FromTicks(1));
    }
}
