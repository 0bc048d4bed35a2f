using System.Collections.Immutable;
using System.Diagnostics;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>The same work without protection, in this process on one thread: what secure times are divided by.</summary>
internal static class ClearRun
{
    public static ImmutableArray<double> FixedPoint(MeasuredCase measured, int warmup, int inferences)
    {
        FixedPointInterpreter interpreter = new(measured.Plan, measured.Weights);
        Tensor input = FirstSample(measured);
        return Time(() => interpreter.Infer(input.Floats), warmup, inferences);
    }

    public static ImmutableArray<double> Float(MeasuredCase measured, int warmup, int inferences)
    {
        if (measured.Graph is not { } graph)
            return [];
        Tensor input = FirstSample(measured);
        return Time(() => FloatInterpreter.Run(graph, [input]), warmup, inferences);
    }

    private static Tensor FirstSample(MeasuredCase measured)
        => Dataset.Open(measured.InputFile, TensorType.Float(measured.Plan.Values[measured.Plan.Steps[0].Output].Shape.AsSpan()))[0].Input;

    /// <summary>Clear runs are short: ten times as many warm-ups get them past the compiler's tiers.</summary>
    private static ImmutableArray<double> Time(Action run, int warmup, int inferences)
    {
        for (int i = 0; i < 10 * warmup; i++)
            run();
        double[] seconds = new double[inferences];
        for (int i = 0; i < inferences; i++)
        {
            long started = Stopwatch.GetTimestamp();
            run();
            seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        return [.. seconds];
    }
}
