using System.Globalization;
using System.Text.Json;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>Runs a case between a serving and an inferring process, over TLS on loopback, audited.</summary>
internal static class TwoProcesses
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    public static async Task<Measurement> MeasureAsync(MeasuredCase measured, int warmup, int inferences)
    {
        string folder = WorkFolder.Create();
        string plan = Path.Combine(folder, "case.plan"), weights = Path.Combine(folder, "case.weights");
        string address = Path.Combine(folder, "address"), certificate = Path.Combine(folder, "server.pem");
        File.WriteAllBytes(plan, PlanSerializer.Write(measured.Plan));
        File.WriteAllBytes(weights, WeightsSerializer.Write(measured.Weights));
        File.Delete(address);

        using ToolProcess server = ToolProcess.Start(
            "serve", plan, "--weights", weights, "--listen", "127.0.0.1:0", "--tls-self-signed", certificate, "--address-file", address, "--audit",
            "--threads", "1");
        string endPoint = await ReadAddressAsync(address, server);
        using ToolProcess client = ToolProcess.Start(
            "infer", "--connect", endPoint, "--tls-ca", certificate, "--plan", plan, "--input", measured.InputFile,
            "--limit", (warmup + inferences).ToString(CultureInfo.InvariantCulture), "--json", "--audit", "--threads", "1");
        using JsonDocument report = JsonDocument.Parse(await client.FinishAsync());
        JsonElement[] predictions = [.. report.RootElement.GetProperty("predictions").EnumerateArray()];
        (double Offline, double Online)[] runs = [.. predictions.Select(Seconds)];
        return new Measurement
        {
            Case = measured,
            FirstSeconds = runs[0].Offline + runs[0].Online,
            OfflineSeconds = [.. runs.Skip(warmup).Select(r => r.Offline)],
            OnlineSeconds = [.. runs.Skip(warmup).Select(r => r.Online)],
            Deviation = ClearRun.Deviation(measured, [.. predictions.Select(p => p.GetProperty("fixed_point").Deserialize<long[]>()!)]),
            ClientPeakBytes = client.PeakBytes,
            ServerPeakBytes = server.PeakBytes,
            ClearSeconds = ClearRun.FixedPoint(measured, inferences),
            FloatSeconds = ClearRun.Float(measured, inferences),
        };
    }

    private static (double Offline, double Online) Seconds(JsonElement prediction)
        => (prediction.GetProperty("offline_seconds").GetDouble(), prediction.GetProperty("online_seconds").GetDouble());

    private static async Task<string> ReadAddressAsync(string file, ToolProcess server)
    {
        using CancellationTokenSource limit = new(StartLimit);
        while (!File.Exists(file))
        {
            if (server.HasExited)
                await server.FinishAsync();
            await Task.Delay(50, limit.Token);
        }

        return (await File.ReadAllTextAsync(file, limit.Token)).Trim();
    }
}
