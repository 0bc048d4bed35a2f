using System.Collections.Immutable;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>Measures this machine: every <see cref="Primitive"/> for a fraction of a second, with the code that sessions run.</summary>
public static class HostCalibration
{
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(0.2);

    /// <summary>Takes a few seconds. Other work on the machine makes it seem slower.</summary>
    /// <param name="name">The machine's name, for people.</param>
    /// <param name="progress">Is told of each primitive before it is measured.</param>
    public static HostProfile Measure(string name, Action<Primitive>? progress = null) => Measure(name, s_budget, progress);

    /// <summary>With another time for each primitive.</summary>
    internal static HostProfile Measure(string name, TimeSpan budget, Action<Primitive>? progress = null)
    {
        ImmutableSortedDictionary<Primitive, double>.Builder times = ImmutableSortedDictionary.CreateBuilder<Primitive, double>();
        using TransportProbes transport = new();
        using LinearProbes linear = new();
        using GarblingProbes garbling = new();
        using TransferProbes transfers = new();
        foreach (Probe probe in (IEnumerable<Probe>)[.. BasicProbes.All, .. garbling.All, .. transfers.All, .. linear.All, .. transport.All])
        {
            progress?.Invoke(probe.Primitive);
            times[probe.Primitive] = probe.Measure(budget);
        }

        // An answer is measured with the one product that it needs.
        double answer = times[Primitive.AnsweredResidue];
        times[Primitive.AnsweredResidue] = Math.Max(answer / 2, answer - times[Primitive.MultipliedResidue]);
        return new HostProfile { Name = name, Nanoseconds = times.ToImmutable() };
    }
}
