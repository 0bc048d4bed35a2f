using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>
/// <c>bench allocation</c>: managed memory that both parties together allocate in the online phase of an inference, beside what they
/// send. Client and server are in this process, over TLS on loopback.
/// </summary>
internal static class AllocationCommand
{
    private const int Warmup = 3, Inferences = 5;

    public static async Task<int> RunAsync(string? only)
    {
        Console.WriteLine("| case | allocated online, both parties, MB | sent online, MB | allocated ÷ sent |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((string name, Func<MeasuredCase> build) in NetworkCases.All.Where(c => c.Name.Contains(only ?? "", StringComparison.OrdinalIgnoreCase)))
        {
            MeasuredCase measured = build();
            double allocated = await MeasureAsync(measured) / 1e6, sent = PlanCosts.Report(measured.Plan).Total.Online.TotalBytes / 1e6;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {allocated:0.0} | {sent:0.0} | {allocated / sent:0.0} |"));
        }

        return 0;
    }

    // The smallest of a few: what the runtime allocates besides, for timers and logs, comes and goes.
    private static async Task<long> MeasureAsync(MeasuredCase measured)
    {
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        await using InferenceServer server = InferenceServer.Start(measured.Plan, measured.Weights, new ServerOptions { Certificate = certificate });
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate };
        await using InferenceClient client = await InferenceClient.ConnectAsync(measured.Plan, options);
        TensorType type = TensorType.Float(measured.Plan.Values[measured.Plan.Steps[0].Output].Shape.AsSpan());
        float[] input = Dataset.Open(measured.InputFile, type)[0].Input.Floats.ToArray();
        long least = long.MaxValue;
        for (int i = 0; i < Warmup + Inferences; i++)
        {
            await client.PrepareAsync();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await client.InferAsync(input);
            long taken = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = i < Warmup ? least : Math.Min(least, taken);
        }

        return least;
    }
}
