using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend.Data;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc infer</c>: the party that owns the input.</summary>
internal sealed class InferCommand
{
    private readonly Option<string> _connect = new("--connect") { Description = "The server's address.", HelpName = "HOST:PORT", Required = true };
    private readonly Option<string> _plan = new("--plan") { Description = "The public plan that the server serves.", HelpName = "FILE", Required = true };
    private readonly Option<string> _input = CommonOptions.Input();
    private readonly Option<string?> _authority = new("--tls-ca")
    {
        Description = "The server's certificate or the authority that signed it, PEM. Default: this machine's trusted authorities.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _plaintext = new("--no-tls") { Description = "Connect without TLS; only for servers on loopback." };
    private readonly Option<string?> _compare = CommonOptions.CompareModel();
    private readonly Option<int?> _limit = CommonOptions.Limit();
    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Seconds the server may be silent.",
        DefaultValueFactory = _ => new SessionLimits().ProgressTimeout.TotalSeconds,
    };

    private readonly DealerArguments _dealer = new();
    private readonly Option<int> _threads = CommonOptions.Threads(Environment.ProcessorCount);
    private readonly Option<bool> _audit = CommonOptions.Audit();
    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        InferCommand infer = new();
        Command command = new("infer", "Predicts on private inputs with a server's private model.")
        {
            infer._connect, infer._plan, infer._input, infer._authority, infer._plaintext,
            infer._compare, infer._limit, infer._timeout, infer._threads, infer._audit, infer._json,
        };
        infer._dealer.AddTo(command);
        infer._dataArguments.AddTo(command);
        command.SetAction((parsed, _) => infer.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        HostPort server = HostPort.Parse(parsed.GetRequiredValue(_connect));
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        Dataset data = SampleLoader.ForPlan(parsed.GetRequiredValue(_input), plan, _dataArguments.Read(parsed), log);
        using FloatModel? compare = parsed.GetValue(_compare) is { } model ? FloatModel.Load(model) : null;
        using X509Certificate2? trusted = parsed.GetValue(_authority) is { } path ? X509Certificate2.CreateFromPem(File.ReadAllText(path)) : null;
        if (parsed.GetValue(_plaintext) && trusted is not null)
            throw new UsageException("--no-tls and --tls-ca exclude each other.");
        ConnectOptions? dealer = _dealer.Read(parsed);
        using X509Certificate2? trustedOfDealer = dealer?.TrustedCertificate;
        ConnectOptions options = new()
        {
            Host = server.Host,
            Port = server.Port,
            UseTls = !parsed.GetValue(_plaintext),
            TrustedCertificate = trusted,
            Dealer = dealer,
            Audit = parsed.GetValue(_audit),
            Threads = parsed.GetValue(_threads),
            Limits = new SessionLimits { ProgressTimeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)) },
        };
        IReadOnlyList<Prediction> predictions = await ClientRun.PredictAsync(plan, options, data, compare, parsed.GetValue(_limit), log, interruption.Token);
        if (parsed.GetValue(_json))
            PredictionReport.PrintJson(plan, predictions);
        else
            PredictionReport.PrintTable(plan, predictions);
        return ExitCodes.Success;
    }
}
