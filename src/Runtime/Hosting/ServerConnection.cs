using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>A client's connection to an inference server.</summary>
internal sealed class ServerConnection(ServerModel model, ServerOptions options, SemaphoreSlim sessionSlots, Socket socket, Action<SessionEventKind, string> report)
    : HostedConnection(options, Party.Server, Party.Client, socket, report)
{
    private readonly Action<SessionEventKind, string> _report = report;

    protected override string? Serve(Stream stream, MessageChannel channel, CancellationTokenSource deadline)
    {
        using ServerSession session = new(model, channel, options.Limits, options.Audit)
        {
            OnProgressLimit = limit => StreamTimeouts.Set(stream, limit),
            OnEvent = _report,
            Store = options.Store,
            ConnectDealer = options.Dealer is { } dealer ? () => ConnectDealer(dealer, deadline.Token) : null,
        };
        bool admitted = false;
        try
        {
            string? refusal = session.Accept(() => (admitted = sessionSlots.Wait(0)) ? null : "All sessions of the server are taken; try again later.");
            if (refusal is not null)
            {
                _report(SessionEventKind.Refused, refusal);
                return refusal;
            }

            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            session.Run();
            _report(SessionEventKind.Closed, "The client said goodbye.");
            return null;
        }
        finally
        {
            if (admitted)
                sessionSlots.Release();
        }
    }

    private static MessageChannel ConnectDealer(ConnectOptions dealer, CancellationToken cancellation)
    {
        Stream stream = PeerConnector.OpenAsync(dealer, Party.Helper, cancellation).GetAwaiter().GetResult();
        StreamTimeouts.Set(stream, dealer.Limits.ProgressTimeout);
        return new MessageChannel(new StreamChannel(stream, "dealer"), Party.Server, Party.Helper);
    }
}
