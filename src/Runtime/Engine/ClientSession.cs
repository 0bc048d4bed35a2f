using System.Diagnostics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The client's side of one connection: handshake, keys, then any number of prepared and executed inferences, in order.
/// After a failure the session is over; its material is dropped with it.
/// </summary>
internal sealed class ClientSession(ExecutionPlan plan, MessageChannel channel, bool audit, int threads = 1) : IDisposable
{
    private readonly TwoPartyProgram _program = new(plan, threads: threads);
    private readonly Queue<ClientMaterial> _prepared = new();
    private ClientKeys? _keys;
    private ClientDeal? _deal;

    /// <summary>Called when the server has accepted the session, before keys are made.</summary>
    public Action OnAccepted { get; init; } = () => { };

    public int PreparedInferences => _prepared.Count;

    /// <summary>The messages of handshake and keys.</summary>
    public IReadOnlyList<PlannedMessage> SetupMessages { get; private set; } = [];

    /// <param name="dealer">The dealer that server and client share; null for none.</param>
    public void Open(MessageChannel? dealer = null)
    {
        DealerTicket ticket = DealerTicket.None;
        if (dealer is not null)
        {
            ticket = DealerTicket.Create();
            _deal = new ClientDeal(new DealtProgram(_program), DealerHandshake.Introduce(dealer, Party.Client, _program.Hash.AsSpan(), ticket));
        }

        Handshake.Introduce(channel, _program.Hash.AsSpan(), ticket);
        OnAccepted();
        _keys = ClientKeys.Agree(_program, channel);
        _deal?.ReceiveDifferences(channel);
        SetupMessages = Audit(Costs.Setup);
    }

    public void Prepare()
    {
        ClientMaterial material = ClientOfflinePhase.Run(_program, Keys, _deal, channel);
        _prepared.Enqueue(material);
        material.OfflineMessages = Audit(Costs.Offline);
    }

    public InferenceResult Infer(ReadOnlySpan<float> input)
    {
        PlanValue inputValue = plan.Values[plan.Steps[TwoPartyProgram.InputStep].Output];
        ulong[] encoded = new ulong[inputValue.Count];
        FixedPointEncoding.Encode(inputValue, _program.Ring, input, encoded);
        if (_prepared.Count == 0)
            Prepare();

        // Taken out before the first message: a failure from here on loses the material, never reuses it.
        using ClientMaterial material = _prepared.Dequeue();
        long started = Stopwatch.GetTimestamp();
        ulong[] opened = ClientOnlinePhase.Run(_program, material, channel, encoded);
        TimeSpan online = Stopwatch.GetElapsedTime(started);
        IReadOnlyList<PlannedMessage> messages = Audit(Costs.Online);
        return Result(opened, new InferenceStatistics
        {
            OfflineTime = material.OfflineTime,
            OnlineTime = online,
            Messages = [.. material.OfflineMessages, .. messages],
        });
    }

    /// <summary>Says goodbye if the connection still allows it.</summary>
    public void TryClose() => channel.TrySendGoodbye();

    public void Dispose()
    {
        while (_prepared.TryDequeue(out ClientMaterial? material))
            material.Dispose();
        _keys?.Dispose();
    }

    private SessionCosts Costs => _deal?.Program.Costs ?? _program.Costs;

    private ClientKeys Keys => _keys ?? throw new InvalidOperationException("The session is not open.");

    private InferenceResult Result(ulong[] opened, InferenceStatistics statistics)
    {
        DecodedOutput decoded = OutputDecoder.Decode(plan, opened);
        return new InferenceResult
        {
            Output = decoded.Elements,
            Shape = decoded.Shape,
            FixedPoint = [.. opened.Select(_program.Ring.ToSigned)],
            Statistics = statistics,
        };
    }

    private IReadOnlyList<PlannedMessage> Audit(IReadOnlyList<PlannedMessage> predicted)
    {
        IReadOnlyList<PlannedMessage> metered = channel.Meter.Take();
        if (audit)
            MessageAudit.Require(plan, predicted, metered);
        return metered;
    }
}
