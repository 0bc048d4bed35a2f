using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc deal</c>: a third party that prepares what client and server would otherwise prepare with each other.</summary>
internal sealed class DealCommand
{
    private readonly Argument<string> _plan = CommonOptions.Plan();
    private readonly ListenArguments _listen = new("--dealer-ca");

    public static Command Create()
    {
        DealCommand deal = new();
        Command command = new(
            "deal",
            "Deals correlated randomness for a plan to clients and servers that name this dealer (--dealer). It receives no input, weight or prediction, but must collude with neither party. Runs until interrupted.")
        {
            deal._plan,
        };
        deal._listen.AddTo(command);
        command.SetAction((parsed, _) => deal.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetRequiredValue(_plan));
        ListenOptions options = _listen.Read(parsed);
        using X509Certificate2? certificate = options.Certificate;
        await using DealerServer dealer = ListenArguments.Start(() => DealerServer.Start(plan, options));
        ServiceLog.Write($"Dealing for plan {plan.Name} ({Convert.ToHexStringLower(plan.Hash.AsSpan()[..8])}…) on {dealer.EndPoint}{(certificate is null ? " WITHOUT TLS" : "")}.");
        await _listen.RunAsync(parsed, dealer.EndPoint.Port, dealer.Completion, interruption.Token);
        return ExitCodes.Success;
    }
}
