using PrivateInference.CommandLine.Output;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>The client's part of <c>infer</c>, <c>run</c> and <c>verify</c>: one session, all samples, one prediction after the other.</summary>
internal static class ClientRun
{
    public static async Task<IReadOnlyList<Prediction>> PredictAsync(
        ExecutionPlan plan, ConnectOptions options, Dataset data, FloatModel? compare, int? limit, ProgressLog log, CancellationToken cancellation)
    {
        log.Say($"Connecting to {options.Host}:{options.Port} ({(options.UseTls ? "TLS 1.3" : "NO TLS")})");
        await using InferenceClient client = await InferenceClient.ConnectAsync(plan, options, cancellation);
        List<Prediction> predictions = [];
        int count = Math.Min(data.Count, limit ?? int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            (Tensor input, int? label) = data[i];
            float[] sample = input.Floats.ToArray();
            await client.PrepareAsync(cancellation: cancellation);
            InferenceResult result = await client.InferAsync(sample, cancellation);
            predictions.Add(new Prediction(i, result, label, compare?.Classify(sample)));
            string source = result.Statistics.FromStore ? "stored material, taken in" : "offline";
            log.Say($"  sample {i + 1} of {count}: {source} {Quantities.Time(result.Statistics.OfflineTime)}, online {Quantities.Time(result.Statistics.OnlineTime)}");
        }

        return predictions;
    }
}
