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
    private readonly ConnectArguments _connect = new(required: true);
    private readonly Option<string> _plan = new("--plan") { Description = "The public plan that the server serves.", HelpName = "FILE", Required = true };
    private readonly Option<string> _input = CommonOptions.Input();
    private readonly Option<string?> _compare = CommonOptions.CompareModel();
    private readonly Option<int?> _limit = CommonOptions.Limit();
    private readonly StoreArguments _store = new("Use inferences that 'preprocess' prepared, from here. When none are left, each is prepared as it is needed.");
    private readonly Option<bool> _storeOnly = new("--store-only") { Description = "Fail when the store holds no more, instead of preparing inferences as they are needed." };
    private readonly Option<int?> _prefetch = new("--prefetch")
    {
        Description = "Meanwhile, over a second connection, fill the store up to so many inferences; the command ends when it holds them. Without a number: as many as there are samples.",
        HelpName = "N",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly DealerArguments _dealer = new();
    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        InferCommand infer = new();
        Command command = new("infer", "Predicts on private inputs with a server's private model.")
        {
            infer._plan, infer._input, infer._compare, infer._limit, infer._storeOnly, infer._prefetch, infer._json,
        };
        infer._connect.AddTo(command);
        infer._store.AddTo(command);
        infer._dealer.AddTo(command);
        infer._dataArguments.AddTo(command);
        command.SetAction((parsed, _) => infer.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        Dataset data = SampleLoader.ForPlan(parsed.GetRequiredValue(_input), plan, _dataArguments.Read(parsed), log);
        using FloatModel? compare = parsed.GetValue(_compare) is { } model ? FloatModel.Load(model) : null;
        ConnectOptions options = _connect.Read(parsed) with
        {
            Dealer = _dealer.Read(parsed),
            Store = _store.Open(parsed, limits: null, Console.Error.WriteLine),
            StoreOnly = parsed.GetValue(_storeOnly),
            OnNotice = log.Say,
        };
        using X509Certificate2? trusted = options.TrustedCertificate, trustedOfDealer = options.Dealer?.TrustedCertificate;
        RequireStore(parsed, options);
        Task<IReadOnlyList<Prediction>> predicting = ClientRun.PredictAsync(plan, options, data, compare, parsed.GetValue(_limit), log, interruption.Token);
        int samples = Math.Min(data.Count, parsed.GetValue(_limit) ?? int.MaxValue);
        Task filling = parsed.GetResult(_prefetch) is null
            ? Task.CompletedTask
            : StoreRefill.FillUpAsync(plan, options with { StoreOnly = false }, parsed.GetValue(_prefetch) ?? samples, predicting, log, interruption.Token);
        IReadOnlyList<Prediction> predictions = await predicting;
        if (parsed.GetValue(_json))
            PredictionReport.PrintJson(plan, predictions);
        else
            PredictionReport.PrintTable(plan, predictions);
        await filling;
        return ExitCodes.Success;
    }

    private void RequireStore(ParseResult parsed, ConnectOptions options)
    {
        if (options.Store is null && (options.StoreOnly || parsed.GetResult(_prefetch) is not null))
            throw new UsageException("--store-only and --prefetch go with --store.");
        if (options.Store is not null && options.Dealer is not null)
            throw new UsageException("--store and --dealer exclude each other: stored material is made by client and server alone.");
        if (parsed.GetValue(_prefetch) < 0)
            throw new UsageException("--prefetch takes a number that is not negative.");
    }
}
