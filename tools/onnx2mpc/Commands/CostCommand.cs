using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc cost</c>: what a plan costs, exactly, and how long it takes on a calibrated machine.</summary>
internal sealed class CostCommand
{
    private readonly Argument<string> _plan = CommonOptions.Plan();
    private readonly Option<string> _network = CommonOptions.Network();
    private readonly Option<string?> _host = new("--host")
    {
        Description = "A machine that 'calibrate-host' measured: predict seconds per step. Default: this user's machine, if it is calibrated; with --json none.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _dealer = CommonOptions.WithDealer("The costs of sessions with a dealer; its bytes are those of the helper.");
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        CostCommand cost = new();
        Command command = new("cost", "Shows what a plan costs: per step and in total, offline and online, exact bytes each way and rounds, work and storage; seconds on a calibrated host.")
        {
            cost._plan, cost._network, cost._host, cost._dealer, cost._json,
        };
        command.SetAction(cost.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        NetworkProfile network = NetworkProfile.Resolve(parsed.GetRequiredValue(_network));
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        bool json = parsed.GetValue(_json), dealer = parsed.GetValue(_dealer);
        CostReport report = Host(parsed.GetValue(_host), json) is { } host ? PlanCosts.Report(plan, host, network, dealer) : PlanCosts.Report(plan, dealer);
        if (json)
            Console.Write(report.ToJson());
        else
            CostPrinter.Print(report, network);
        return ExitCodes.Success;
    }

    // A document for scripts must not depend on what happens to be in a home directory.
    private static HostProfile? Host(string? path, bool json)
    {
        if (path is not null)
            return HostProfile.Load(path);
        return json || !File.Exists(HostProfile.DefaultPath) ? null : HostProfile.Load(HostProfile.DefaultPath);
    }
}
