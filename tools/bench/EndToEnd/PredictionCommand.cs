using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.IR;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Calibration;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary><c>bench prediction</c>: this machine's predicted times of the sample model beside measured ones, over emulated networks.</summary>
internal sealed class PredictionCommand
{
    private readonly Option<int> _warmup = new("--warmup") { Description = "Inferences before those that count, without emulation.", DefaultValueFactory = _ => 8 };
    private readonly Option<int> _inferences = new("--inferences") { Description = "Inferences that count, for each network; a quarter of them on slow ones.", DefaultValueFactory = _ => 16 };
    private readonly Option<string?> _only = new("--only") { Description = "Only the network of this name.", HelpName = "NAME" };
    private readonly Option<string?> _host = new("--host") { Description = "A calibrated host; by default it is calibrated now.", HelpName = "FILE" };

    public static Command Create()
    {
        PredictionCommand prediction = new();
        RootCommand command = new("Compares predicted with measured times, and prints a Markdown table.") { prediction._warmup, prediction._inferences, prediction._only, prediction._host };
        command.SetAction((parsed, _) => prediction.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        HostProfile host = parsed.GetValue(_host) is { } path ? HostProfile.Load(path) : HostCalibration.Measure("bench");
        SampleModel model = SampleModel.Compile(Repository.Sample("fashion-mnist.onnx"));
        await MeasureAsync(model, network: null, parsed.GetValue(_warmup));
        Console.WriteLine("| network | phase | predicted s | measured s | predicted ÷ measured |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (NetworkProfile network in NetworkProfile.Known.Where(n => parsed.GetValue(_only) is not { } only || n.Name == only))
        {
            TimeReport predicted = PlanCosts.Report(model.Plan, host, network).Time!;
            int count = predicted.OfflineSeconds > 1 ? parsed.GetValue(_inferences) / 4 : parsed.GetValue(_inferences);
            InferenceStatistics[] runs = await MeasureAsync(model, network, count);
            MarkdownReport.PrintPrediction(network.Name, "offline", predicted.OfflineSeconds, [.. runs.Select(r => r.OfflineTime.TotalSeconds)]);
            MarkdownReport.PrintPrediction(network.Name, "online", predicted.OnlineSeconds, [.. runs.Select(r => r.OnlineTime.TotalSeconds)]);
        }

        return 0;
    }

    private static async Task<InferenceStatistics[]> MeasureAsync(SampleModel model, NetworkProfile? network, int count)
    {
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        EmulatedNetwork? emulation = network is null ? null : EmulatedNetwork.InRealTime(network);
        ServerOptions serving = new() { Certificate = certificate, Audit = true, Emulation = emulation, Threads = 1 };
        await using InferenceServer server = InferenceServer.Start(model.Plan, model.Weights, serving);
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate, Audit = true, Emulation = emulation, Threads = 1 };
        await using InferenceClient client = await InferenceClient.ConnectAsync(model.Plan, options);
        InferenceStatistics[] runs = new InferenceStatistics[count];
        for (int i = 0; i < count; i++)
        {
            Tensor image = model.Images[i % model.Images.Count].Input;
            runs[i] = (await client.InferAsync(image.Floats.ToArray())).Statistics;
        }

        return runs;
    }
}
