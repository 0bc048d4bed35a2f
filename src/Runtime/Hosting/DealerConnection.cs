using System.Diagnostics;
using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>A connection to a dealer: a client's, which gets its seed, or a server's, which gets corrections as it asks for them.</summary>
internal sealed class DealerConnection(DealtProgram program, DealerDesk desk, ListenOptions options, Socket socket, Action<SessionEventKind, string> report)
    : HostedConnection(options, Party.Helper, Party.Server, socket, report)
{
    private readonly ListenOptions _options = options;
    private readonly Action<SessionEventKind, string> _report = report;

    protected override string? Serve(Stream stream, MessageChannel channel, CancellationTokenSource deadline)
    {
        (string? refusal, Party party, DealerTicket ticket) = DealerHandshake.Receive(channel, program.Program.Hash.AsSpan());
        DealerSession? session = null;
        if (refusal is null)
        {
            session = party == Party.Client ? desk.Open(ticket) : desk.Join(ticket);
            refusal = session is not null ? null : party == Party.Client
                ? "The dealer has too many sessions that wait for their server; try again later."
                : "No client has opened this session here; client and server must name the same dealer.";
        }

        if (refusal is not null)
        {
            _report(SessionEventKind.Refused, refusal);
            return refusal;
        }

        DealerHandshake.SendSeed(channel, party == Party.Client ? session!.ClientSeed : session!.ServerSeed);
        _report(SessionEventKind.Opened, $"The {MessageChannel.Name(party)} has its seed.");
        if (party == Party.Server)
        {
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            Deal(stream, channel, session);
        }

        _report(SessionEventKind.Closed, $"The {MessageChannel.Name(party)} is served.");
        return null;
    }

    private void Deal(Stream stream, MessageChannel channel, DealerSession session)
    {
        while (true)
        {
            StreamTimeouts.Set(stream, _options.Limits.IdleTimeout);
            MessageHeader request = channel.BeginReceiveAny();
            StreamTimeouts.Set(stream, _options.Limits.ProgressTimeout);
            switch (request)
            {
                case { Kind: MessageKind.Goodbye, Length: 0 }:
                    channel.EndReceive();
                    return;
                case { Kind: MessageKind.Prepare, Length: 0, Step: 0, Phase: Phase.Offline }:
                    channel.EndReceive();
                    long started = Stopwatch.GetTimestamp();
                    session.Deal(channel);
                    channel.Meter.Take();
                    _report(SessionEventKind.Prepared, $"Dealt inference {session.Dealt - 1} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s.");
                    break;
                default:
                    throw new PeerProtocolException($"The server sent a {request} where a request was expected.");
            }
        }
    }
}
