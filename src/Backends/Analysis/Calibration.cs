using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Execution;

namespace PrivateInference.Backends.Analysis;

/// <summary>Runs sample inputs through the float model and records what each value was.</summary>
internal static class Calibration
{
    /// <summary>The smallest interval that holds every observed element of a value, for every value of floating point type.</summary>
    /// <exception cref="GraphException">A sample does not fit the graph.</exception>
    public static Dictionary<Value, Interval> Observe(Graph graph, CalibrationData data)
    {
        Dictionary<Value, Interval> observed = [];
        foreach (Tensor sample in data.Samples)
        {
            FloatInterpreter.Run(graph, [sample], (value, tensor) =>
            {
                if (tensor.Type.IsFloat && tensor.Shape.Count > 0)
                    observed[value] = observed.TryGetValue(value, out Interval before) ? before.Hull(Range(tensor)) : Range(tensor);
            });
        }

        return observed;
    }

    private static Interval Range(Tensor tensor)
    {
        (float minimum, float maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float element in tensor.Floats)
            (minimum, maximum) = (Math.Min(minimum, element), Math.Max(maximum, element));
        return new Interval(minimum, maximum);
    }
}
