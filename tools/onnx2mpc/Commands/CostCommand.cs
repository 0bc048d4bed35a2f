using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc cost</c>: what a plan costs, exactly.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        Argument<string> planPath = CommonOptions.Plan();
        Option<string> network = CommonOptions.Network();
        Option<bool> json = CommonOptions.Json();
        Command command = new("cost", "Shows the exact communication of a plan: per step and in total, offline and online, bytes each way and rounds.")
        {
            planPath, network, json,
        };
        command.SetAction(parsed =>
        {
            NetworkProfile profile = NetworkProfile.Resolve(parsed.GetRequiredValue(network));
            CostReport report = PlanCosts.Report(PlanSerializer.Load(parsed.GetRequiredValue(planPath)));
            if (parsed.GetValue(json))
                Console.Write(report.ToJson());
            else
                CostPrinter.Print(report, profile);
            return ExitCodes.Success;
        });
        return command;
    }
}
