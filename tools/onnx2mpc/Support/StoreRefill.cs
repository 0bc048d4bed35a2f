using System.Diagnostics;
using PrivateInference.CommandLine.Output;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.CommandLine.Support;

/// <summary>Prepares inferences ahead over a connection of its own: the work of <c>preprocess</c>, and of <c>infer --prefetch</c> in the background.</summary>
internal static class StoreRefill
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Prepares and stores so many inferences.</summary>
    /// <returns>How long it took, without connecting.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; what was stored before stays.</exception>
    public static async Task<TimeSpan> RunAsync(ExecutionPlan plan, ConnectOptions options, int count, ProgressLog log, CancellationToken cancellation)
    {
        await using InferenceClient client = await InferenceClient.ConnectAsync(plan, options, cancellation);
        long started = Stopwatch.GetTimestamp();
        for (int done = 0; done < count; done++)
        {
            long itemStarted = Stopwatch.GetTimestamp();
            try
            {
                await client.PreprocessAsync(cancellation);
            }
            catch (Exception e) when (e is OperationCanceledException or PeerProtocolException or IOException)
            {
                log.Say($"  {done} of {count} inferences were prepared and are kept.");
                throw;
            }

            log.Say($"  prepared {done + 1} of {count}: {Quantities.Time(Stopwatch.GetElapsedTime(itemStarted))}");
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>
    /// Fills a store up to a number of inferences, again and again while others use them, until they have done so. A failure is told and
    /// no more: nothing depends on it.
    /// </summary>
    public static async Task FillUpAsync(ExecutionPlan plan, ConnectOptions options, int target, Task uses, ProgressLog log, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                bool last = uses.IsCompleted;
                int missing = target - options.Store!.Count(plan);
                if (missing > 0)
                    await RunAsync(plan, options, missing, log, cancellation);
                else if (last)
                    return;
                else
                    await Task.WhenAny(uses, Task.Delay(s_pause, cancellation));
            }
        }
        catch (Exception e) when (e is PeerProtocolException or IOException)
        {
            log.Say($"The store was not filled up: {e.Message}");
        }
    }
}
