using System.Collections.Immutable;
using System.Diagnostics;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>The same work without protection, in this process on one thread: what secure times are divided by.</summary>
internal static class ClearRun
{
    /// <summary>Long enough for the just-in-time compiler to reach its last tier.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static ImmutableArray<double> FixedPoint(MeasuredCase measured, int inferences)
    {
        FixedPointInterpreter interpreter = new(measured.Plan, measured.Weights);
        Tensor input = FirstSample(measured);
        return Time(() => interpreter.Infer(input.Floats), inferences);
    }

    /// <summary>
    /// How far secure results are from the plan's clear execution at most, as a part of its largest score: 0 where both are equal bit
    /// for bit.
    /// </summary>
    /// <param name="measured">The case.</param>
    /// <param name="results">Of the first samples: what the client opened, as signed integers.</param>
    public static double Deviation(MeasuredCase measured, IReadOnlyList<long[]> results)
    {
        FixedPointInterpreter interpreter = new(measured.Plan, measured.Weights);
        PlanValue input = measured.Plan.Values[measured.Plan.Steps[0].Output];
        Dataset samples = Dataset.Open(measured.InputFile, TensorType.Float(input.Shape.AsSpan()));
        Ring ring = new(measured.Plan.RingBits);
        double worst = 0;
        for (int i = 0; i < results.Count; i++)
        {
            ulong[] encoded = new ulong[input.Count];
            FixedPointEncoding.Encode(input, ring, samples[i].Input.Floats, encoded);
            long[] clear = [.. interpreter.Run(encoded).ToArray().Select(ring.ToSigned)];
            double scale = Math.Max(1, clear.Max(v => Math.Abs((double)v)));
            worst = Math.Max(worst, clear.Zip(results[i], (a, b) => Math.Abs((double)(a - b))).Max() / scale);
        }

        return worst;
    }

    public static ImmutableArray<double> Float(MeasuredCase measured, int inferences)
    {
        if (measured.Graph is not { } graph)
            return [];
        Tensor input = FirstSample(measured);
        return Time(() => FloatInterpreter.Run(graph, [input]), inferences);
    }

    private static Tensor FirstSample(MeasuredCase measured)
        => Dataset.Open(measured.InputFile, TensorType.Float(measured.Plan.Values[measured.Plan.Steps[0].Output].Shape.AsSpan()))[0].Input;

    private static ImmutableArray<double> Time(Action run, int inferences)
    {
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmUp;)
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
