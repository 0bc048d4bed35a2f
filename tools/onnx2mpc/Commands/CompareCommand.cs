using System.CommandLine;
using PrivateInference.Backends.Reports;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc compare</c>: several plans side by side, and which are worth considering.</summary>
internal sealed class CompareCommand
{
    private readonly Argument<string[]> _plans = new("PLAN...") { Description = "Plans that 'compile' wrote; the first is what the others are compared with.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _output = new("-o", "--output") { Description = "Also write an HTML page with a Pareto chart.", HelpName = "FILE.html" };
    private readonly Option<string> _network = CommonOptions.Network();
    private readonly Option<string?> _host = CommonOptions.ReportHost();
    private readonly Option<string?> _data = new("--data")
    {
        Description = "Samples to measure each plan's accuracy on, with the weights beside the plan; without labels, agreement with the first plan.",
        HelpName = "DATA",
    };

    private readonly Option<int?> _limit = CommonOptions.Limit();
    private readonly Option<bool> _dealer = CommonOptions.WithDealer("What the plans cost when a dealer prepares them.");
    private readonly ReportOptions _reportOptions = new();
    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        CompareCommand compare = new();
        Command command = new("compare", "Compares plans: exact costs, predicted seconds, accuracy on data, and which no other plan beats in both time and accuracy.")
        {
            compare._plans, compare._output, compare._network, compare._host, compare._data, compare._limit, compare._dealer, compare._json,
        };
        compare._reportOptions.AddTo(command);
        compare._dataArguments.AddTo(command);
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        HostProfile? host = parsed.GetValue(_host) is { } file ? HostProfile.Load(file) : null;
        ReportSettings settings = _reportOptions.Read(parsed, host, NetworkProfile.Resolve(parsed.GetRequiredValue(_network)), parsed.GetValue(_dealer));
        string[] paths = parsed.GetRequiredValue(_plans);
        ExecutionPlan[] plans = [.. paths.Select(PlanSerializer.Load)];
        IReadOnlyList<ReportedAccuracy>? accuracy = parsed.GetValue(_data) is { } data
            ? PlanAccuracy.Of(paths, plans, p => SampleLoader.ForPlan(data, p, _dataArguments.Read(parsed), log), parsed.GetValue(_limit), log)
            : null;
        IReadOnlyList<string> labels = PlanLabels.Of(paths);
        PlanComparison comparison = new(
            [.. plans.Select((p, i) => ReportedPlan.Of(p, settings, labels[i]) with { Accuracy = accuracy?[i] })], settings);
        if (parsed.GetValue(_output) is { } page)
            AtomicFile.Write(page, ComparisonReport.Render(comparison));
        if (parsed.GetValue(_json))
            ComparisonPrinter.PrintJson(comparison);
        else
            ComparisonPrinter.PrintTable(comparison);
        return ExitCodes.Success;
    }
}
