using System.Diagnostics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
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
    private ClientStore? _store;

    /// <summary>Called when the server has accepted the session, before keys are made.</summary>
    public Action OnAccepted { get; init; } = () => { };

    /// <summary>Told what a user may want to know about stored material.</summary>
    public Action<string> OnNotice { get; init; } = _ => { };

    /// <summary>Whether to use nothing but stored material.</summary>
    public bool StoreOnly { get; init; }

    public int PreparedInferences => _prepared.Count;

    /// <summary>Inferences for which there is stored material of this client and its server.</summary>
    public int StoredInferences => _store?.Count ?? 0;

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

        Introduce(ticket);
        AgreeKeys();
    }

    /// <summary>Opens a session that lives on stored material. Keys are agreed on when something has to be prepared.</summary>
    public void Open(PreprocessingStore store)
    {
        Introduce(DealerTicket.None);
        _store = ClientStore.Open(store, _program, channel, OnNotice);
        NoteSetup(StoreMessages.Opening);
    }

    /// <summary>Takes stored material where there is any, and runs the offline phase where there is none.</summary>
    /// <exception cref="StoreException">There is none, and nothing else is to be used.</exception>
    public void Prepare()
    {
        if (TryClaim())
            return;
        if (StoreOnly)
            throw new StoreException("The stores hold no more material for this plan and server; prepare some (onnx2mpc preprocess), or allow to prepare it now (without --store-only).");
        _prepared.Enqueue(RunOffline());
    }

    /// <summary>Runs an offline phase and stores what it leaves, for a later session.</summary>
    /// <exception cref="StoreException">There is no room, or the server has no store.</exception>
    public void Keep()
    {
        ClientStore store = _store ?? throw new InvalidOperationException("The session uses no store.");
        AgreeKeys();
        ItemId id = store.AgreeToKeep(predicted => Audit(predicted));
        store.Keep(id, RunOffline(), predicted => Audit(predicted));
    }

    // Where both parties have any.
    private bool TryClaim()
    {
        long started = Stopwatch.GetTimestamp();
        List<PlannedMessage> messages = [];
        if (_store?.Claim(predicted => messages.AddRange(Audit(predicted))) is not { } material)
            return false;
        material.OfflineTime = Stopwatch.GetElapsedTime(started);
        material.OfflineMessages = messages;
        material.IsStored = true;
        _prepared.Enqueue(material);
        return true;
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
        (ulong[] opened, bool? outOfRange) = ClientOnlinePhase.Run(_program, material, channel, encoded);
        TimeSpan online = Stopwatch.GetElapsedTime(started);
        IReadOnlyList<PlannedMessage> messages = Audit(Costs.Online);
        InferenceStatistics statistics = new()
        {
            OfflineTime = material.OfflineTime,
            OnlineTime = online,
            FromStore = material.IsStored,
            Messages = [.. material.OfflineMessages, .. messages],
        };
        return Result(opened, statistics) with { OutOfRange = outOfRange };
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

    private void Introduce(DealerTicket ticket)
    {
        Handshake.Introduce(channel, _program.Hash.AsSpan(), ticket);
        OnAccepted();
        NoteSetup(Costs.Admission);
    }

    private void AgreeKeys()
    {
        if (_keys is not null)
            return;
        _keys = ClientKeys.Agree(_program, _deal is not null, channel);
        _deal?.ReceiveDifferences(channel);
        NoteSetup(Costs.Keys);
    }

    private ClientMaterial RunOffline()
    {
        AgreeKeys();
        ClientMaterial material = ClientOfflinePhase.Run(_program, Keys, _deal, channel);
        material.OfflineMessages = Audit(Costs.Offline);
        return material;
    }

    private void NoteSetup(IReadOnlyList<PlannedMessage> predicted) => SetupMessages = [.. SetupMessages, .. Audit(predicted)];

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
