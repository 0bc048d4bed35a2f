using System.CommandLine;
using PrivateInference.Backends.Reports;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
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
    private readonly Option<bool> _store = new("--from-store") { Description = "The messages of a session whose inference was prepared ahead ('preprocess'), and the bytes on the disks." };
    private readonly Option<string?> _report = new("--report") { Description = "Also write an HTML report of the plan, as 'compile --report' does.", HelpName = "FILE" };
    private readonly ReportOptions _reportOptions = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        CostCommand cost = new();
        Command command = new("cost", "Shows what a plan costs: per step and in total, offline and online, exact bytes each way and rounds, work and storage; seconds on a calibrated host.")
        {
            cost._plan, cost._network, cost._host, cost._report, cost._dealer, cost._store, cost._json,
        };
        cost._reportOptions.AddTo(command);
        command.SetAction(cost.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        NetworkProfile network = NetworkProfile.Resolve(parsed.GetRequiredValue(_network));
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        bool json = parsed.GetValue(_json), dealer = parsed.GetValue(_dealer);
        if (parsed.GetValue(_store))
        {
            if (dealer || parsed.GetValue(_host) is not null || parsed.GetValue(_report) is not null)
                throw new UsageException("--from-store gives messages and bytes; it does not go with --dealer, --host or --report.");
            Print(PlanCosts.ReportFromStore(plan), network, json);
            return ExitCodes.Success;
        }

        HostProfile? host = Host(parsed.GetValue(_host), json);
        if (parsed.GetValue(_report) is { } page)
            Write(page, plan, _reportOptions.Read(parsed, host, network, dealer));
        Print(host is not null ? PlanCosts.Report(plan, host, network, dealer) : PlanCosts.Report(plan, dealer), network, json);
        return ExitCodes.Success;
    }

    private static void Print(CostReport report, NetworkProfile network, bool json)
    {
        if (json)
            Console.Write(report.ToJson());
        else
            CostPrinter.Print(report, network);
    }

    private static void Write(string path, ExecutionPlan plan, ReportSettings settings)
        => AtomicFile.Write(path, HtmlReport.Render(new ReportContent { Plan = ReportedPlan.Of(plan, settings), Settings = settings }));

    // A document for scripts must not depend on what happens to be in a home directory.
    private static HostProfile? Host(string? path, bool json)
    {
        if (path is not null)
            return HostProfile.Load(path);
        return json || !File.Exists(HostProfile.DefaultPath) ? null : HostProfile.Load(HostProfile.DefaultPath);
    }
}
