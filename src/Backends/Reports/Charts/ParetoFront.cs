using System.Collections.Immutable;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>Which of several choices are worth considering.</summary>
internal static class ParetoFront
{
    /// <summary>Whether each point is on the front: no other is at least as good in both, and better in one.</summary>
    public static ImmutableArray<bool> Of(IReadOnlyList<ChartPoint> points, bool largerYIsBetter)
    {
        return [.. points.Select(p => !points.Any(other => Dominates(other, p)))];

        bool Dominates(ChartPoint better, ChartPoint worse)
        {
            double gainX = worse.X - better.X, gainY = largerYIsBetter ? better.Y - worse.Y : worse.Y - better.Y;
            return gainX >= 0 && gainY >= 0 && gainX + gainY > 0;
        }
    }
}
