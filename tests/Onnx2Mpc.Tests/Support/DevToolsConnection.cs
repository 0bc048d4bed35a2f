using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>The DevTools protocol of Chromium for one page: a call waits for its answer, and keeps the events that come before.</summary>
internal sealed class DevToolsConnection : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonNode> _events = [];
    private int _lastCall;

    /// <summary>Everything that the page reported so far: <c>method</c> and <c>params</c> each.</summary>
    public IReadOnlyList<JsonNode> Events => _events;

    public static async Task<DevToolsConnection> OpenAsync(Uri page)
    {
        DevToolsConnection connection = new();
        await connection._socket.ConnectAsync(page, CancellationToken.None);
        return connection;
    }

    /// <returns>The call's result.</returns>
    public async Task<JsonNode> CallAsync(string method, object? parameters = null)
    {
        int call = ++_lastCall;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new { id = call, method, @params = parameters ?? new { } });
        await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            JsonNode received = await ReceiveAsync();
            if (received["id"] is null)
                _events.Add(received);
            else if ((int)received["id"]! == call)
                return received["result"] ?? throw new InvalidOperationException($"{method}: {received["error"]}");
        }
    }

    /// <summary>Waits until the page reports something.</summary>
    public async Task WaitForAsync(string method)
    {
        while (!_events.Exists(e => (string?)e["method"] == method))
            _events.Add(await ReceiveAsync());
    }

    public void Dispose() => _socket.Dispose();

    private async Task<JsonNode> ReceiveAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        using MemoryStream message = new();
        byte[] buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }
}
