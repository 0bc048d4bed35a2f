using System.Collections.Immutable;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Runtime.Costs.Timing;

/// <summary>Predicts how long a session takes, from its events, a host's speed and a network.</summary>
internal static class TimeModel
{
    public static TimeReport Predict(TwoPartyProgram program, HostProfile host, NetworkProfile network)
    {
        Timeline timeline = new(host, network);
        double[] setup = Play(program.Costs.SetupEvents), offline = Play(program.Costs.OfflineEvents), online = Play(program.Costs.OnlineEvents);
        return new TimeReport
        {
            Network = network.Name,
            Host = host.Name,
            SetupSeconds = setup.Sum(),
            OfflineSeconds = offline.Sum(),
            OnlineSeconds = online.Sum(),
            Steps = [.. offline.Select((_, i) => new StepTime { Name = Name(i), OfflineSeconds = setup[i] + offline[i], OnlineSeconds = online[i] })],
        };

        // By step, the session at the front.
        double[] Play(ImmutableArray<CostEvent> events)
        {
            double[] seconds = new double[program.Plan.Steps.Length + 1];
            timeline.Synchronise();
            foreach (CostEvent happening in events)
                seconds[happening.StepIndex - PlannedMessage.Session] += timeline.Play(happening);
            return seconds;
        }

        string Name(int i) => i == 0 ? "session" : program.Plan.Steps[i + PlannedMessage.Session].Name;
    }
}
