using System.CommandLine;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.CommandLine.Commands;

/// <summary>Options that several commands share, so that they read and mean the same everywhere.</summary>
internal static class CommonOptions
{
    private static readonly string s_networks = string.Join(", ", NetworkProfile.Known.Select(n => n.Name));

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output and nothing else." };

    public static Argument<string> Plan() => new("PLAN") { Description = "The public plan (NAME.plan) that 'compile' wrote." };

    public static Option<string> Weights(bool required) => new("--weights")
    {
        Description = "The private weights (NAME.weights) that 'compile' wrote with the plan." + (required ? "" : " Default: beside the plan."),
        HelpName = "FILE",
        Required = required,
    };

    public static Option<string> Input() => new("--input")
    {
        Description = "What to predict on: .npy, ONNX TensorProto .pb, IDX images, CIFAR-10 .bin (each .gz too) or PNG.",
        HelpName = "FILE",
        Required = true,
    };

    public static Option<bool> WithDealer(string description) => new("--dealer") { Description = description };

    public static Option<int?> Limit() => new("--limit") { Description = "Use only the first so many samples.", HelpName = "N" };

    /// <param name="byDefault">How many without the option.</param>
    public static Option<int> Threads(int byDefault)
    {
        Option<int> threads = new("--threads")
        {
            Description = "Threads of a party for preparing linear layers.",
            HelpName = "N",
            DefaultValueFactory = _ => byDefault,
        };
        threads.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int count) && count < 1)
                result.AddError("--threads takes a number from 1 on.");
        });
        return threads;
    }

    public static Option<bool> Audit() => new("--audit")
    {
        Description = "Fail (exit code 6) when a message differs from the plan's cost prediction.",
    };

    public static Option<string> Network() => new("--network")
    {
        Description = $"Network between the parties: {s_networks}, or a JSON file with name, upload_mbps, download_mbps, round_trip_ms.",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => "lan",
    };

    public static Option<string?> ReportHost() => new("--host")
    {
        Description = "A machine that 'calibrate-host' measured: the report's seconds are its. Default: a reference machine, the same everywhere.",
        HelpName = "FILE",
    };

    public static Option<string?> EmulatedNetwork() => new("--network")
    {
        Description = $"Slow the connection down to this network, in real time: {s_networks}, or a JSON file as 'cost' takes. Default: as fast as it goes.",
        HelpName = "NAME|FILE",
    };

    public static Option<string?> CompareModel() => new("--compare")
    {
        Description = "An ONNX model to compare each prediction with, executed in floating point on this side (for trials).",
        HelpName = "MODEL.onnx",
    };
}
