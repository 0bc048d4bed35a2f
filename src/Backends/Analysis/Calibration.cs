using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Analysis;

/// <summary>
/// Runs sample inputs through the float model and records what each value was: of a model with noise also under a few draws
/// of it, as a turned decision keeps values that the model itself clears.
/// </summary>
internal static class Calibration
{
    private const int NoiseDraws = 4;

    /// <summary>The smallest interval that holds every observed element of a value, for every value of floating point type.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="data">The samples.</param>
    /// <param name="intervals">Gets every value, too.</param>
    /// <exception cref="GraphException">A sample does not fit the graph.</exception>
    public static Dictionary<Value, Interval> Observe(Graph graph, CalibrationData data, FittedIntervals intervals)
    {
        Dictionary<Value, Interval> observed = [];
        int draws = graph.Nodes.Any(IsNoise) ? NoiseDraws : 0;
        foreach ((Tensor sample, int index) in data.Samples.Select((s, i) => (s, i)))
        {
            Observe(graph, sample);
            for (int draw = 0; draw < draws; draw++)
                Observe(Drawn(graph, (index * draws) + draw), sample);
        }

        return observed;

        void Observe(Graph run, Tensor sample) => FloatInterpreter.Run(run, [sample], (value, tensor) =>
        {
            intervals.Observe(value, tensor);
            if (tensor.Type.IsFloat && tensor.Shape.Count > 0)
                observed[value] = observed.TryGetValue(value, out Interval before) ? before.Hull(Range(tensor)) : Range(tensor);
        });
    }

    private static bool IsNoise(Node node) => node.Operation is RandomFlip { Seed: null };

    /// <summary>The graph with one draw of its noise.</summary>
    private static Graph Drawn(Graph graph, int draw) => graph.With(
        [.. graph.Nodes.Select((n, i) => IsNoise(n) ? n with { Operation = (RandomFlip)n.Operation with { Seed = ((long)draw << 32) + i } } : n)]);

    private static Interval Range(Tensor tensor)
    {
        (float minimum, float maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float element in tensor.Floats)
            (minimum, maximum) = (Math.Min(minimum, element), Math.Max(maximum, element));
        return new Interval(minimum, maximum);
    }
}
