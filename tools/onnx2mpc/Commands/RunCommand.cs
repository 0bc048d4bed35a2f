using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend.Data;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc run</c>: all parties on this machine, over loopback with TLS.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string> _plan = CommonOptions.Plan();
    private readonly Option<string> _weights = CommonOptions.Weights(required: true);
    private readonly Option<string> _input = CommonOptions.Input();
    private readonly Option<string?> _compare = CommonOptions.CompareModel();
    private readonly Option<int?> _limit = CommonOptions.Limit();
    private readonly Option<string?> _network = CommonOptions.EmulatedNetwork();
    private readonly Option<bool> _dealer = CommonOptions.WithDealer("Prepare linear steps and polynomials with a dealer, a third party on this machine.");
    private readonly Option<int> _threads = CommonOptions.Threads(LoopbackRun.DefaultThreads);
    private readonly Option<bool> _audit = CommonOptions.Audit();
    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        RunCommand run = new();
        Command command = new("run", "Runs client and server of a plan on this machine, over loopback with TLS: a trial before deployment.")
        {
            run._plan, run._weights, run._input, run._compare, run._limit, run._network, run._dealer, run._threads, run._audit, run._json,
        };
        run._dataArguments.AddTo(command);
        command.SetAction((parsed, _) => run.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        NetworkProfile? network = parsed.GetValue(_network) is { } name ? NetworkProfile.Resolve(name) : null;
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        ModelWeights weights = WeightsSerializer.Load(parsed.GetRequiredValue(_weights), plan);
        Dataset data = SampleLoader.ForPlan(parsed.GetRequiredValue(_input), plan, _dataArguments.Read(parsed), log);
        using FloatModel? compare = parsed.GetValue(_compare) is { } model ? FloatModel.Load(model) : null;
        IReadOnlyList<Prediction> predictions = await LoopbackRun.PredictAsync(
            plan, weights, data, compare, parsed.GetValue(_limit), parsed.GetValue(_audit), network, parsed.GetValue(_dealer), parsed.GetValue(_threads), log, interruption.Token);
        if (parsed.GetValue(_json))
            PredictionReport.PrintJson(plan, predictions);
        else
            PredictionReport.PrintTable(plan, predictions);
        return ExitCodes.Success;
    }
}
