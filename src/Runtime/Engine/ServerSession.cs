using System.Diagnostics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The server's side of one connection: handshake, keys, then whatever the client asks for, one request at a time. Holds the
/// prepared material of the session; each is taken out of the queue before its first online message.
/// </summary>
internal sealed class ServerSession(ServerModel model, MessageChannel channel, SessionLimits limits, bool audit) : IDisposable
{
    private readonly Queue<ServerMaterial> _prepared = new();
    private ServerKeys? _keys;
    private ServerDeal? _deal;
    private ServerStore? _store;
    private ulong _nextSerial;

    /// <summary>Sets how long the channel may be silent from now on.</summary>
    public Action<TimeSpan> OnProgressLimit { get; init; } = _ => { };

    public Action<SessionEventKind, string> OnEvent { get; init; } = (_, _) => { };

    /// <summary>Where material is kept for clients that ask for it; null where the server has no store.</summary>
    public PreprocessingStore? Store { get; init; }

    /// <summary>Connects to the server's dealer; null where it has none.</summary>
    public Func<MessageChannel>? ConnectDealer { get; init; }

    /// <summary>Answers the client's introduction, unless there is a reason not to.</summary>
    /// <param name="admit">Asked last; returns the server's own reason to refuse, or null.</param>
    /// <returns>Why the client must be refused; null where it was accepted.</returns>
    /// <exception cref="PeerProtocolException">The client broke the protocol or went away.</exception>
    public string? Accept(Func<string?> admit)
    {
        byte[] hello = Handshake.ReceiveHello(channel);
        string? refusal = Handshake.Refusal(hello, model.Program.Hash.AsSpan()) ?? admit() ?? JoinDealer(Handshake.Ticket(hello));
        if (refusal is null)
            Handshake.Accept(channel, model.Program.Hash.AsSpan());
        return refusal;
    }

    /// <summary>Serves an accepted client until it says goodbye.</summary>
    /// <exception cref="PeerProtocolException">The client broke the protocol or went away.</exception>
    public void Run()
    {
        Audit(Costs.Admission);
        OnEvent(SessionEventKind.Opened, $"Session opened for plan {model.Plan.Name}.");
        for (TimeSpan pause = limits.ProgressTimeout; ; pause = limits.IdleTimeout)
        {
            OnProgressLimit(pause);
            MessageHeader request = channel.BeginReceiveAny();
            OnProgressLimit(limits.ProgressTimeout);
            switch (request.Kind)
            {
                case MessageKind.Setup when _keys is null:
                    AgreeKeys(request);
                    break;
                case MessageKind.Store when _store is null && _deal is null:
                    _store = ServerStore.Accept(Store, model, channel, request);
                    Audit(StoreMessages.Opening);
                    break;
                case MessageKind.Keep when _store is not null && _keys is not null:
                    Keep(_store, request);
                    break;
                case MessageKind.Claim when _store is not null:
                    Claim(_store, request);
                    break;
                case MessageKind.Discard when _store is not null:
                    _store.Discard(request);
                    Audit(StoreMessages.Discarding);
                    break;
                case MessageKind.Prepare when _keys is not null:
                    Prepare(request);
                    break;
                case MessageKind.Infer:
                    Infer(request);
                    break;
                case MessageKind.Goodbye when request.Length == 0:
                    channel.EndReceive();
                    return;
                default:
                    throw new PeerProtocolException($"The client sent a {request} where a request was expected.");
            }
        }
    }

    /// <summary>Drops what was prepared and not used, and leaves the dealer.</summary>
    public void Dispose()
    {
        while (_prepared.TryDequeue(out ServerMaterial? material))
            material.Dispose();
        _deal?.Dispose();
    }

    private SessionCosts Costs => _deal?.Program.Costs ?? model.Program.Costs;

    private string? JoinDealer(DealerTicket ticket)
    {
        if (ticket.IsNone)
            return null;
        if (ConnectDealer is null)
            return "The client prepares with a dealer; this server has none. Start it with the same dealer (onnx2mpc serve --dealer HOST:PORT), or connect without.";
        MessageChannel? dealer = null;
        try
        {
            dealer = ConnectDealer();
            _deal = ServerDeal.Join(model.Dealt, dealer, ticket, audit);
            return null;
        }
        catch (PeerProtocolException e)
        {
            dealer?.Dispose();
            return $"The server cannot use its dealer: {e.Message}";
        }
    }

    private void AgreeKeys(MessageHeader request)
    {
        MessageHeader expected = ServerKeys.FirstHeader(model.Program);
        if (request != expected)
            throw new PeerProtocolException($"The client sent a {request} where the plan foresees a {expected}.");
        _keys = ServerKeys.Agree(model.Program, _deal is not null, channel);
        _deal?.SendDifferences(channel, model);
        Audit(Costs.Keys);
    }

    private void Prepare(MessageHeader request)
    {
        long started = Stopwatch.GetTimestamp();
        RequireRoom();
        ServerMaterial material = RunOffline(request);
        _prepared.Enqueue(material);
        OnEvent(SessionEventKind.Prepared, $"Prepared inference {material.Serial} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s.");
    }

    // What is stored is not used by this session, and what this session uses is not stored.
    private void Keep(ServerStore store, MessageHeader request)
    {
        long started = Stopwatch.GetTimestamp();
        ItemId? id = store.Agree(request, out string? objection);
        Audit(StoreMessages.Keeping);
        if (id is not { } agreed)
        {
            OnEvent(SessionEventKind.Refused, $"The store takes no more: {objection}.");
            return;
        }

        store.Keep(agreed, RunOffline(channel.BeginReceiveAny()));
        Audit(StoreMessages.Kept);
        OnEvent(SessionEventKind.Prepared, $"Prepared and stored {agreed} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s.");
    }

    private void Claim(ServerStore store, MessageHeader request)
    {
        RequireRoom();
        ServerMaterial? material = store.Claim(request, _nextSerial++, out string? objection);
        if (material is not null)
            _prepared.Enqueue(material);
        Audit(StoreMessages.Claiming);
        if (objection is not null)
            OnEvent(SessionEventKind.Refused, objection);
    }

    private ServerMaterial RunOffline(MessageHeader request)
    {
        if (request != TwoPartyProgram.PrepareHeader)
            throw new PeerProtocolException($"The client sent a malformed {request}.");
        channel.EndReceive();
        ServerMaterial material = ServerOfflinePhase.Run(model, _keys!, _deal, channel, _nextSerial++);
        Audit(Costs.Offline);
        return material;
    }

    private void RequireRoom()
    {
        if (_prepared.Count >= limits.MaxPreparedInferences)
            throw new PeerProtocolException($"The client asked for more than {limits.MaxPreparedInferences} prepared inferences.");
    }

    private void Infer(MessageHeader request)
    {
        if (request != model.Program.InferHeader)
            throw new PeerProtocolException($"The client sent a malformed {request}.");
        if (!_prepared.TryDequeue(out ServerMaterial? next))
            throw new PeerProtocolException("The client asked for an inference that was not prepared.");
        using ServerMaterial material = next;
        long started = Stopwatch.GetTimestamp();
        ServerOnlinePhase.Run(model, material, channel);
        Audit(Costs.Online);
        OnEvent(SessionEventKind.Inferred, $"Inference {material.Serial} done in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s.");
    }

    private void Audit(IReadOnlyList<PlannedMessage> predicted)
    {
        IReadOnlyList<PlannedMessage> metered = channel.Meter.Take();
        if (audit)
            MessageAudit.Require(model.Plan, predicted, metered);
    }
}
