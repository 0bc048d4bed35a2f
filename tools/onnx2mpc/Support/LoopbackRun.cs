using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Output;
using PrivateInference.Frontend.Data;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.CommandLine.Support;

/// <summary>
/// Client and server in one process, over loopback with a throw-away certificate; slowed down to a network where one is given.
/// A dealer, where one is wanted, is as near as it gets.
/// </summary>
internal static class LoopbackRun
{
    /// <summary>Threads of a party: half of the machine's cores, as there are two.</summary>
    public static int DefaultThreads => Math.Max(1, Environment.ProcessorCount / 2);

    public static async Task<IReadOnlyList<Prediction>> PredictAsync(
        ExecutionPlan plan, ModelWeights weights, Dataset data, FloatModel? compare, int? limit, bool audit, NetworkProfile? network, bool withDealer, int threads, ProgressLog log, CancellationToken cancellation)
    {
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        EmulatedNetwork? emulation = network is null ? null : EmulatedNetwork.InRealTime(network);
        await using DealerServer? dealer = withDealer ? DealerServer.Start(plan, new ListenOptions { Certificate = certificate }) : null;
        ConnectOptions? dealerAddress = dealer is null ? null : new() { Host = "localhost", Port = dealer.EndPoint.Port, TrustedCertificate = certificate };
        string? failure = null;
        ServerOptions serverOptions = new()
        {
            Certificate = certificate,
            Audit = audit,
            Emulation = emulation,
            Dealer = dealerAddress,
            Threads = threads,
            OnEvent = e => failure = e.Kind == SessionEventKind.Failed ? e.Message : failure,
        };
        await using InferenceServer server = InferenceServer.Start(plan, weights, serverOptions);
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate, Audit = audit, Emulation = emulation, Dealer = dealerAddress, Threads = threads };
        try
        {
            return await ClientRun.PredictAsync(plan, options, data, compare, limit, log, cancellation);
        }
        catch when (failure is not null)
        {
            log.Say($"The server side reports: {failure}");
            throw;
        }
    }
}
