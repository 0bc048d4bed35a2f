using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>A dealer of one session, without sockets.</summary>
internal sealed class InMemoryDealer(ExecutionPlan plan) : IDisposable
{
    private readonly DealerSession _session = new(new DealtProgram(new TwoPartyProgram(plan)));
    private RecordingChannel? _toServer;

    /// <summary>Every byte it wrote to the server.</summary>
    public byte[] ServerTranscript => _toServer!.Sent;

    public MessageChannel ConnectClient()
    {
        (MemoryChannel party, MemoryChannel dealer) = MemoryChannel.CreatePair(timeLimit: TimeSpan.FromSeconds(60));
        new Thread(() =>
        {
            MessageChannel channel = new(dealer, Party.Helper, Party.Client);
            DealerHandshake.Receive(channel, plan.Hash.AsSpan());
            DealerHandshake.SendSeed(channel, _session.ClientSeed);
        }).Start();
        return new MessageChannel(party, Party.Client, Party.Helper);
    }

    public MessageChannel ConnectServer()
    {
        (MemoryChannel party, MemoryChannel dealer) = MemoryChannel.CreatePair(timeLimit: TimeSpan.FromSeconds(60));
        _toServer = new RecordingChannel(dealer);
        new Thread(() => Serve(_toServer)).Start();
        return new MessageChannel(party, Party.Server, Party.Helper);
    }

    public void Dispose() => _toServer?.Dispose();

    private void Serve(RecordingChannel server)
    {
        MessageChannel channel = new(server, Party.Helper, Party.Server);
        DealerHandshake.Receive(channel, plan.Hash.AsSpan());
        DealerHandshake.SendSeed(channel, _session.ServerSeed);
        try
        {
            while (channel.BeginReceiveAny().Kind == MessageKind.Prepare)
            {
                channel.EndReceive();
                _session.Deal(channel);
            }
        }
        catch (PeerProtocolException)
        {
            // The test is over.
        }
    }
}
