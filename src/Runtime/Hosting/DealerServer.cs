using System.Net;
using System.Net.Sockets;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.Dealer;

namespace PrivateInference.Runtime.Hosting;

/// <summary>
/// Deals for one plan: prepares the linear steps and polynomials of pairs of a client and a server that name it. It receives
/// nothing of inputs, weights or predictions; together with one of the two it could learn the other's.
/// </summary>
public sealed class DealerServer : IAsyncDisposable
{
    private readonly ConnectionHost _host;

    private DealerServer(ConnectionHost host) => _host = host;

    /// <summary>Where the dealer listens, with the actual port.</summary>
    public IPEndPoint EndPoint => _host.EndPoint;

    /// <summary>Open connections.</summary>
    public int Connections => _host.Connections;

    /// <summary>Completes when the dealer has stopped; faults if listening failed.</summary>
    public Task Completion => _host.Completion;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="PlanFormatException">The plan is invalid.</exception>
    /// <exception cref="ArgumentException">A limit leaves no room for any session.</exception>
    /// <exception cref="InvalidOperationException">No certificate, and the address is not a loopback one.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static DealerServer Start(ExecutionPlan plan, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        PlanVerifier.Require(plan);
        DealtProgram program = new(new TwoPartyProgram(plan));
        DealerDesk desk = new(program, options.Limits);
        return new DealerServer(new ConnectionHost(options, (socket, report) => new DealerConnection(program, desk, options, socket, report)));
    }

    /// <summary>Stops listening and ends all sessions.</summary>
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
