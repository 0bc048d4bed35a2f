using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend.Data;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc verify</c>: float model, fixed-point plan and secure run side by side.</summary>
internal sealed class VerifyCommand
{
    private const string Interpreter = "interpreter";

    private readonly Argument<string> _model = new("MODEL.onnx") { Description = "The model the plan was compiled from: the reference, in floating point." };
    private readonly Argument<string> _plan = CommonOptions.Plan();
    private readonly Option<string> _data = new("--data") { Description = "Samples (.npy, .pb, IDX, CIFAR-10 .bin, PNG or a folder of PNG). Labels in CIFAR-10 files and beside IDX images are used.", HelpName = "DATA", Required = true };
    private readonly Option<string> _weights = CommonOptions.Weights(required: false);
    private readonly Option<int?> _limit = CommonOptions.Limit();
    private readonly Option<int> _secure = new("--secure") { Description = "Samples to run securely as well, client and server over loopback; 0 for none.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<double> _minimum = new("--minimum-agreement")
    {
        Description = "Fail (exit code 6) when plan and float model agree on a smaller part of the samples.",
        HelpName = "0..1",
        DefaultValueFactory = _ => 0.99,
    };

    private readonly Option<double> _maximumError = new("--maximum-error")
    {
        Description = "Where the output is no class and no vector of scores: fail when an element differs by a larger part of the output's range.",
        HelpName = "0..1",
        DefaultValueFactory = _ => 0.01,
    };

    private readonly Option<string> _reference = new("--reference")
    {
        Description = "What executes the float model: 'interpreter' (built in) or 'onnxruntime' (independent of this project; needs its library).",
        HelpName = "NAME",
        DefaultValueFactory = _ => Interpreter,
    };

    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        VerifyCommand verify = new();
        Command command = new("verify", "Compares float model, fixed-point plan and secure run on data: accuracy of each, agreement, and exactness of the secure run.")
        {
            verify._model, verify._plan, verify._data, verify._weights, verify._limit, verify._secure, verify._minimum, verify._maximumError, verify._reference, verify._json,
        };
        verify._dataArguments.AddTo(command);
        command.SetAction((parsed, _) => verify.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        string planPath = parsed.GetRequiredValue(_plan);
        ExecutionPlan plan = PlanSerializer.Load(planPath);
        ModelWeights weights = WeightsSerializer.Load(parsed.GetValue(_weights) ?? Path.ChangeExtension(planPath, ".weights"), plan);
        using FloatModel model = Reference(parsed.GetRequiredValue(_model), parsed.GetRequiredValue(_reference));
        Dataset data = SampleLoader.ForPlan(parsed.GetRequiredValue(_data), plan, _dataArguments.Read(parsed), log);
        int count = Math.Min(data.Count, parsed.GetValue(_limit) ?? int.MaxValue);

        int secureCount = Math.Clamp(parsed.GetValue(_secure), 0, count), exact = 0;
        ClearComparison comparison = ClearComparison.Run(plan, weights, model, data, count, secureCount, log, interruption.Token);
        if (secureCount > 0)
        {
            IReadOnlyList<Prediction> predictions = await LoopbackRun.PredictAsync(
                plan, weights, data, compare: null, secureCount, audit: true, network: null, withDealer: false, LoopbackRun.DefaultThreads, log, interruption.Token);
            exact = predictions.Count(p => p.Result.FixedPoint.AsSpan().SequenceEqual(comparison.FixedPointOutputs[p.Index]));
        }

        if (parsed.GetValue(_json))
            JsonOutput.Write(comparison.ToJson(secureCount, exact));
        else
            comparison.Print(secureCount, exact);
        if (plan.IsNoisy)
            log.Say("The parties draw noise at every inference: secure runs may differ from the clear execution, which has none.");
        else if (exact < secureCount)
            throw new CheckFailedException($"{secureCount - exact} of {secureCount} secure runs differ from the clear fixed-point execution.");
        Require(comparison, parsed.GetValue(_minimum), parsed.GetValue(_maximumError));
        return ExitCodes.Success;
    }

    private static void Require(ClearComparison comparison, double minimum, double maximumError)
    {
        if (comparison.IsClassification && comparison.Agreement < minimum)
            throw new CheckFailedException($"Plan and float model agree on {comparison.Agreement:P2} of the samples; {minimum:P2} is the minimum.");
        if (!comparison.IsClassification && comparison.Integers is not { IsRounding: true } && comparison.RelativeError > maximumError)
            throw new CheckFailedException($"Plan and float model differ by {comparison.RelativeError:P2} of the output's range; {maximumError:P2} is the most.");
    }

    private static FloatModel Reference(string path, string name) => name switch
    {
        Interpreter => FloatModel.Load(path),
        "onnxruntime" => FloatModel.LoadOnnxRuntime(path),
        _ => throw new UsageException($"'{name}' is no reference; there are {Interpreter} and onnxruntime."),
    };
}
