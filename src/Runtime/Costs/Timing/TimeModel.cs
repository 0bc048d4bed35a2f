using System.Collections.Immutable;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Costs.Timing;

/// <summary>Predicts how long a session takes, from its events, a host's speed and a network.</summary>
internal static class TimeModel
{
    public static TimeReport Predict(ExecutionPlan plan, SessionCosts costs, HostProfile host, NetworkProfile network)
    {
        Timeline timeline = new(host, network);
        double[] setup = Play(costs.SetupEvents), offline = Play(costs.OfflineEvents), online = Play(costs.OnlineEvents);
        return new TimeReport
        {
            Network = network.Name,
            Host = host.Name,
            SetupSeconds = setup.Sum(),
            OfflineSeconds = offline.Sum(),
            OnlineSeconds = online.Sum(),
            Steps = [.. offline.Select((_, i) => new StepTime { Name = Name(i), OfflineSeconds = setup[i] + offline[i], OnlineSeconds = online[i] })],
        };

        // By step, the session at the front. A phase lasts as long as its client waits for it; what the server does after
        // that delays the next phase.
        double[] Play(ImmutableArray<CostEvent> events)
        {
            double started = timeline.ClientTime;
            double[] reached = new double[events.Length], seconds = new double[plan.Steps.Length + 1];
            for (int i = 0; i < events.Length; i++)
            {
                timeline.Play(events[i]);
                reached[i] = timeline.Latest;
            }

            for (int i = 0; i < events.Length; i++)
            {
                double now = Math.Clamp(reached[i], started, timeline.ClientTime);
                seconds[events[i].StepIndex - PlannedMessage.Session] += now - started;
                started = now;
            }

            return seconds;
        }

        string Name(int i) => i == 0 ? "session" : plan.Steps[i + PlannedMessage.Session].Name;
    }
}
