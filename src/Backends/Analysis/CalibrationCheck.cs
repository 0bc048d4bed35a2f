using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Analysis;

/// <summary>Executes the finished plan on the calibration samples and compares it with the float model.</summary>
internal sealed class CalibrationCheck(Graph graph, ExecutionPlan plan, ModelWeights weights)
{
    private static readonly Ring s_ring = new(64);

    private readonly FixedPointInterpreter _interpreter = new(plan.InLargestRings(), weights);
    private readonly SortedSet<int> _outOfRange = [];

    /// <exception cref="GraphException">A sample does not fit the graph.</exception>
    public CalibrationResult Run(CalibrationData data)
    {
        int sameTop = 0;
        double largestError = 0;
        foreach (Tensor sample in data.Samples)
        {
            float[] expected = Reference(sample), actual = Execute(sample);
            if (TopOf(expected) == TopOf(actual))
                sameTop++;
            for (int i = 0; i < expected.Length; i++)
                largestError = Math.Max(largestError, Math.Abs(expected[i] - actual[i]));
        }

        return new CalibrationResult(data.Samples.Length, sameTop, largestError, [.. _outOfRange.Select(v => plan.Values[v].Name)]);
    }

    /// <summary>The float model up to what the client computes itself.</summary>
    private float[] Reference(Tensor sample)
    {
        Value output = graph.Outputs[0];
        while (graph.Producer(output) is { Operation: Softmax or ArgMax } node)
            output = node.Inputs[0];
        float[] elements = [];
        FloatInterpreter.Run(graph, [sample], (value, tensor) =>
        {
            if (value == output)
                elements = tensor.Floats.ToArray();
        });
        return elements;
    }

    private float[] Execute(Tensor sample)
    {
        PlanValue input = plan.Values[plan.Steps[0].Output], output = plan.Values[plan.Steps[^1].Output];
        ulong[] words = new ulong[input.Count];
        FixedPointEncoding.Encode(input, s_ring, sample.Floats, words);
        float[] elements = new float[output.Count];
        FixedPointEncoding.Decode(output, s_ring, _interpreter.Run(words, Observe), elements);
        return elements;
    }

    private void Observe(PlanStep step, ReadOnlySpan<ulong> words)
    {
        int bits = plan.Values[step.Output].Bits;
        foreach (ulong word in words)
        {
            if (Ring.ToSigned(word, bits) != (long)word)
                _outOfRange.Add(step.Output);
        }
    }

    private static int TopOf(float[] elements) => Array.IndexOf(elements, elements.Max());
}
