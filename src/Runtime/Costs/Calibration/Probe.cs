using System.Diagnostics;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>Something to execute and time.</summary>
/// <param name="Primitive">What it executes.</param>
/// <param name="Units">How often, each time.</param>
/// <param name="Run">Does it.</param>
internal sealed record Probe(Primitive Primitive, long Units, Action Run)
{
    private const int WarmUps = 3;
    private const int LeastRuns = 7;

    /// <summary>What has to be done before each run and is not timed.</summary>
    public Action Prepare { get; init; } = () => { };

    /// <summary>The median over the runs that a budget of time allows, after a few to warm up.</summary>
    /// <returns>Nanoseconds per unit.</returns>
    public double Measure(TimeSpan budget)
    {
        for (int i = 0; i < WarmUps; i++)
            Time();
        List<double> seconds = [];
        for (long started = Stopwatch.GetTimestamp(); seconds.Count < LeastRuns || Stopwatch.GetElapsedTime(started) < budget;)
            seconds.Add(Time());

        seconds.Sort();
        return seconds[seconds.Count / 2] * 1e9 / Units;
    }

    private double Time()
    {
        Prepare();
        long before = Stopwatch.GetTimestamp();
        Run();
        return Stopwatch.GetElapsedTime(before).TotalSeconds;
    }
}
