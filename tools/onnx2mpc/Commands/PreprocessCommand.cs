using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc preprocess</c>: runs the offline phase of inferences ahead, with a server, and stores what it leaves.</summary>
internal sealed class PreprocessCommand
{
    private readonly ConnectArguments _connect = new(required: false);
    private readonly Option<string?> _plan = new("--plan") { Description = "The public plan that the server serves.", HelpName = "FILE" };
    private readonly StoreArguments _store = new("Where this client's halves are.", required: true);
    private readonly Option<int> _count = new("--count") { Description = "How many inferences to prepare.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _list = new("--list") { Description = "Only show what the store holds, unused; no server is needed." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        PreprocessCommand preprocess = new();
        Command command = new("preprocess", "Prepares inferences ahead with a server, before there are inputs; 'infer --store' uses them.");
        preprocess._connect.AddTo(command);
        command.Add(preprocess._plan);
        preprocess._store.AddTo(command);
        command.Add(preprocess._count);
        command.Add(preprocess._list);
        command.Add(preprocess._json);
        command.SetAction((parsed, _) => preprocess.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using Interruption interruption = new();
        bool json = parsed.GetValue(_json);
        ProgressLog log = new(quiet: json);
        PreprocessingStore store = _store.Open(parsed, limits: null, Console.Error.WriteLine)!;
        if (parsed.GetValue(_list))
        {
            StorePrinter.Print(store, json);
            return ExitCodes.Success;
        }

        int count = parsed.GetValue(_count);
        if (count < 1)
            throw new UsageException("--count is at least 1.");
        ExecutionPlan plan = PlanSerializer.Load(parsed.GetValue(_plan) ?? throw new UsageException("Name the plan that the server serves (--plan FILE)."));
        ConnectOptions options = _connect.Read(parsed) with { Store = store, OnNotice = log.Say };
        using X509Certificate2? trusted = options.TrustedCertificate;
        PartyBytes each = store.RequireRoom(plan, Party.Client, count);
        log.Say($"An inference takes {Quantities.Bytes(each.ClientBytes)} on this side and {Quantities.Bytes(each.ServerBytes)} on the server's.");
        TimeSpan time = await StoreRefill.RunAsync(plan, options, count, log, interruption.Token);
        StorePrinter.Print(plan, store, count, each, time, json);
        return ExitCodes.Success;
    }
}
