using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Engine;

/// <summary>The messages of a session in the order in which they are sent: what the cost report adds up and an audit checks.</summary>
internal sealed class SessionCosts
{
    public SessionCosts(TwoPartyProgram program)
    {
        Setup = [.. SetupMessages(program)];
        Offline = [.. OfflineMessages(program)];
        Online = [.. OnlineMessages(program)];
    }

    /// <summary>Handshake and keys: once a connection.</summary>
    public ImmutableArray<PlannedMessage> Setup { get; }

    /// <summary>The offline phase of one inference.</summary>
    public ImmutableArray<PlannedMessage> Offline { get; }

    /// <summary>The online phase of one inference.</summary>
    public ImmutableArray<PlannedMessage> Online { get; }

    private static IEnumerable<PlannedMessage> SetupMessages(TwoPartyProgram program)
    {
        yield return OfSession(Party.Client, Handshake.HelloBytes);
        yield return OfSession(Party.Server, Handshake.WelcomeBytes);
        yield return OfSession(Party.Client, SessionKeys.ClientBytes(program));
        yield return OfSession(Party.Server, SessionKeys.ServerBytes(program));
        if (program.NeedsChoices)
            yield return OfSession(Party.Client, SessionKeys.ChoiceBytes);
    }

    private static IEnumerable<PlannedMessage> OfflineMessages(TwoPartyProgram program)
    {
        OfflineSchedule schedule = program.Schedule;
        yield return PlannedMessage.Create(TwoPartyProgram.InputStep, Phase.Offline, Party.Client, 0);
        foreach (ImmutableArray<int> level in schedule.LinearLevels)
        {
            foreach (int step in level)
                yield return program.Linear(step).Request;
            foreach (int step in level)
                yield return program.Linear(step).Response;
        }

        foreach (int step in schedule.NonLinearSteps)
            yield return program.FindSharedSign(step)?.Transfers ?? program.NonLinear(step).Transfers;
        foreach (int step in schedule.NonLinearSteps)
            yield return program.FindSharedSign(step)?.Tables ?? program.NonLinear(step).Tables;
        foreach (int step in schedule.SharedSignSteps)
            yield return program.SharedSign(step).Corrections;
    }

    private static IEnumerable<PlannedMessage> OnlineMessages(TwoPartyProgram program)
    {
        yield return PlannedMessage.Create(TwoPartyProgram.InputStep, Phase.Online, Party.Client, program.InferHeader.Length);
        foreach (int step in program.Schedule.NonLinearSteps)
        {
            yield return program.FindSharedSign(step)?.Labels ?? program.NonLinear(step).Labels;
            yield return program.FindSharedSign(step)?.Shares ?? program.NonLinear(step).Colors;
        }

        int output = program.Plan.Steps[program.OutputStep].Output;
        yield return PlannedMessage.Create(program.OutputStep, Phase.Online, Party.Server, program.ShareBytes(output));
    }

    private static PlannedMessage OfSession(Party sender, long bytes)
        => PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, sender, bytes);
}
