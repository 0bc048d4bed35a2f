using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Lossy;

/// <summary>What activations do on calibration data, channel by channel.</summary>
internal static class ChannelActivity
{
    /// <summary>
    /// The mean of |f(x) − x| over each channel's elements: what is lost where the activation f is left out.
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="layers">Activations, by the values they define, with their channel axes.</param>
    /// <param name="data">Sample inputs.</param>
    /// <param name="cancellation">Looked at between samples.</param>
    public static Dictionary<Value, double[]> Measure(
        Graph graph, IReadOnlyDictionary<Node, int> layers, CalibrationData data, CancellationToken cancellation)
    {
        Dictionary<Value, double[]> activity = layers.ToDictionary(l => l.Key.Output, l => new double[l.Key.Output.Shape[l.Value]]);
        ILookup<Value, Node> byOutput = layers.Keys.ToLookup(n => n.Output);
        HashSet<Value> wanted = [.. layers.Keys.Select(n => n.Inputs[0])];
        foreach (Tensor sample in data.Samples)
        {
            cancellation.ThrowIfCancellationRequested();
            Dictionary<Value, Tensor> inputs = [];
            FloatInterpreter.Run(graph, [sample], (value, tensor) =>
            {
                if (wanted.Contains(value))
                    inputs[value] = tensor;
                foreach (Node layer in byOutput[value])
                    Add(activity[value], inputs[layer.Inputs[0]], tensor, layers[layer]);
            });
        }

        foreach ((Node layer, int axis) in layers)
        {
            double elements = (double)layer.Output.Shape.Count / layer.Output.Shape[axis] * data.Samples.Length;
            foreach (ref double channel in activity[layer.Output].AsSpan())
                channel /= elements;
        }

        return activity;
    }

    private static void Add(double[] channels, Tensor before, Tensor after, int axis)
    {
        int inner = after.Shape.Strides()[axis];
        for (int i = 0; i < after.Floats.Length; i++)
            channels[i / inner % channels.Length] += Math.Abs((double)after.Floats[i] - before.Floats[i]);
    }
}
