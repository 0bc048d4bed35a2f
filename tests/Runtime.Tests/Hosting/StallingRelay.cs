using System.Net;
using System.Net.Sockets;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>A network between client and server that can stop delivering without closing anything.</summary>
internal sealed class StallingRelay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _done = new();
    private readonly Task _relaying;
    private volatile bool _stalled;

    public StallingRelay(int serverPort)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _relaying = RelayAsync(serverPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>From here on nothing is delivered.</summary>
    public void Stall() => _stalled = true;

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        _listener.Dispose();
        await _relaying;
        _done.Dispose();
    }

    private async Task RelayAsync(int serverPort)
    {
        using Socket client = await _listener.AcceptAsync(_done.Token);
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await server.ConnectAsync(IPAddress.Loopback, serverPort, _done.Token);
        await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer, _done.Token) is > 0 and var count)
            {
                if (_stalled)
                    await Task.Delay(Timeout.Infinite, _done.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _done.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // One end has gone, or the test is over.
        }
    }
}
