using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc serve</c>: the party that owns the weights.</summary>
internal sealed class ServeCommand
{
    private const long BytesPerMegabyte = 1 << 20;

    private readonly Argument<string> _plan = CommonOptions.Plan();
    private readonly Option<string> _weights = CommonOptions.Weights(required: true);
    private readonly ListenArguments _listen = new("infer --tls-ca");
    private readonly DealerArguments _dealer = new();
    private readonly StoreArguments _store = new("Keep the server's halves of inferences that clients prepare ahead ('preprocess', 'infer --prefetch') here. Default: nowhere, and such clients are refused.");
    private readonly StoreLimitArguments _limits = new();
    private readonly Option<int> _weightMemory = new("--weight-memory")
    {
        Description = "Memory for transformed weights, of all layers together; 0 keeps none. Others are transformed in each inference.",
        HelpName = "MB",
        DefaultValueFactory = _ => (int)(WeightMemoryOptions.DefaultBytes / BytesPerMegabyte),
    };

    private readonly Option<bool> _weightCache = new("--weight-cache")
    {
        Description = "Keep transformed weights in a file beside the weights (FILE.cache), mapped into memory, instead of in the process. As secret as the weights.",
    };

    private readonly Option<int> _threads = CommonOptions.Threads(Environment.ProcessorCount);
    private readonly Option<bool> _audit = CommonOptions.Audit();

    public static Command Create()
    {
        ServeCommand serve = new();
        Command command = new("serve", "Serves a compiled model to clients. Runs until interrupted.") { serve._plan, serve._weights };
        serve._listen.AddTo(command);
        serve._dealer.AddTo(command);
        serve._store.AddTo(command);
        serve._limits.AddTo(command);
        command.Add(serve._weightMemory);
        command.Add(serve._weightCache);
        command.Add(serve._threads);
        command.Add(serve._audit);
        command.SetAction((parsed, _) => serve.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        ModelWeights weights = WeightsSerializer.Load(parsed.GetRequiredValue(_weights), plan);
        ConnectOptions? dealer = _dealer.Read(parsed);
        using X509Certificate2? trusted = dealer?.TrustedCertificate;
        PreprocessingStore? store = _store.Open(parsed, _limits.Read(parsed), ServiceLog.Write);
        ListenOptions listen = _listen.Read(parsed);
        using X509Certificate2? certificate = listen.Certificate;
        ServerOptions options = new()
        {
            Listen = listen.Listen,
            Certificate = certificate,
            Limits = listen.Limits,
            OnEvent = listen.OnEvent,
            Audit = parsed.GetValue(_audit),
            Dealer = dealer,
            Store = store,
            Threads = parsed.GetValue(_threads),
            WeightMemory = new WeightMemoryOptions
            {
                Bytes = Math.Max(0, parsed.GetValue(_weightMemory)) * BytesPerMegabyte,
                CachePath = parsed.GetValue(_weightCache) ? parsed.GetRequiredValue(_weights) + ".cache" : null,
                OnWarning = ServiceLog.Write,
            },
        };
        ServiceLog.Write($"Preparing {plan.Name} for secure execution.");
        await using InferenceServer server = ListenArguments.Start(() => InferenceServer.Start(plan, weights, options));
        string preparation = dealer is null ? "" : $", with the dealer at {dealer.Host}:{dealer.Port} for clients that ask for it";
        ServiceLog.Write($"Serving plan {plan.Name} ({Convert.ToHexStringLower(plan.Hash.AsSpan()[..8])}…) on {server.EndPoint}{(certificate is null ? " WITHOUT TLS" : "")}{preparation}.");
        if (store is not null)
            ServiceLog.Write($"The store in {store.Folder} holds {store.List().Sum(i => i.Count)} inferences that clients have prepared ahead.");
        await _listen.RunAsync(parsed, server.EndPoint.Port, server.Completion, interruption.Token);
        return ExitCodes.Success;
    }
}
