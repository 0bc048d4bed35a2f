using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc serve</c>: the party that owns the weights.</summary>
internal sealed class ServeCommand
{
    private readonly Argument<string> _plan = CommonOptions.Plan();
    private readonly Option<string> _weights = CommonOptions.Weights(required: true);
    private readonly Option<string> _listen = new("--listen") { Description = "Address to listen on; port 0 takes a free one.", HelpName = "HOST:PORT", Required = true };
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "TLS certificate (chain), PEM.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "The certificate's private key, PEM.", HelpName = "FILE" };
    private readonly Option<string?> _selfSigned = new("--tls-self-signed")
    {
        Description = "For trials on one machine: make a throw-away certificate and write its public part here, for 'infer --tls-ca'.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _addressFile = new("--address-file") { Description = "Write HOST:PORT here once the server listens.", HelpName = "FILE" };
    private readonly Option<int> _sessions = new("--max-sessions") { Description = "Sessions served at once.", DefaultValueFactory = _ => new SessionLimits().MaxSessions };
    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Seconds a client may be silent, or refuse to read, inside a request.",
        DefaultValueFactory = _ => new SessionLimits().ProgressTimeout.TotalSeconds,
    };

    private readonly Option<bool> _audit = CommonOptions.Audit();

    public static Command Create()
    {
        ServeCommand serve = new();
        Command command = new("serve", "Serves a compiled model to clients. Runs until interrupted.")
        {
            serve._plan, serve._weights, serve._listen, serve._certificate, serve._key, serve._selfSigned,
            serve._addressFile, serve._sessions, serve._timeout, serve._audit,
        };
        command.SetAction((parsed, _) => serve.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        ModelWeights weights = WeightsSerializer.Load(parsed.GetRequiredValue(_weights), plan);
        using X509Certificate2? certificate = Certificate(parsed);
        HostPort listen = HostPort.Parse(parsed.GetRequiredValue(_listen));
        Log($"Preparing {plan.Name} for secure execution.");
        await using InferenceServer server = Start(plan, weights, certificate, listen, parsed);
        Log($"Serving plan {plan.Name} ({Convert.ToHexStringLower(plan.Hash.AsSpan()[..8])}…) on {server.EndPoint}{(certificate is null ? " WITHOUT TLS" : "")}.");
        if (parsed.GetValue(_addressFile) is { } file)
            AtomicFile.Write(file, $"{listen.Host}:{server.EndPoint.Port}\n");
        try
        {
            await server.Completion.WaitAsync(interruption.Token);
        }
        catch (OperationCanceledException)
        {
            Log("Interrupted; ending all sessions.");
        }

        return ExitCodes.Success;
    }

    private InferenceServer Start(ExecutionPlan plan, ModelWeights weights, X509Certificate2? certificate, HostPort listen, ParseResult parsed)
    {
        ServerOptions options = new()
        {
            Listen = listen.ToEndPoint(),
            Certificate = certificate,
            Audit = parsed.GetValue(_audit),
            Limits = new SessionLimits { MaxSessions = parsed.GetValue(_sessions), ProgressTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)) },
            OnEvent = e => Log($"session {e.Session} from {e.Peer}: {e.Message}"),
        };
        try
        {
            return InferenceServer.Start(plan, weights, options);
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException($"{e.Message} Give --tls-cert and --tls-key.");
        }
    }

    private X509Certificate2? Certificate(ParseResult parsed)
    {
        string? path = parsed.GetValue(_certificate), key = parsed.GetValue(_key), selfSigned = parsed.GetValue(_selfSigned);
        if ((path is null) != (key is null))
            throw new UsageException("--tls-cert and --tls-key go together.");
        if (path is not null && selfSigned is not null)
            throw new UsageException("--tls-self-signed makes a certificate; it does not go with --tls-cert.");
        if (path is not null)
            return ServerCertificate.Load(path, key!);
        if (selfSigned is null)
            return null;
        X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        AtomicFile.Write(selfSigned, certificate.ExportCertificatePem() + "\n");
        return certificate;
    }

    private static void Log(string message) => Console.Error.WriteLine($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {message}");
}
