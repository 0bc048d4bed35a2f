using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>
/// The ranges of linear layers with constant weights: per output channel the sum of each weight times the input's range,
/// which respects the weights' signs; then the hull over the channels.
/// </summary>
internal static class LinearRanges
{
    public static Interval Of(Node node, Graph graph, Func<Value, Interval> range) => node.Operation switch
    {
        _ when !node.Output.Type.IsFloat => Interval.Unbounded,
        Conv conv => OfConvolution(conv, node, graph, range),
        MatMul => OfProduct(node, graph, range),
        BatchNormalization => OfBatchNormalization(node, graph, range),
        _ => Interval.Unbounded,
    };

    private static Interval OfConvolution(Conv conv, Node node, Graph graph, Func<Value, Interval> range)
    {
        if (graph.ConstantOf(node.Inputs[1]) is not { Shape.Count: > 0 } weight)
            return Interval.Unbounded;
        Interval x = range(node.Inputs[0]);
        if (!conv.Window.Pads.All(0))
            x = x.Hull(default);
        Tensor? bias = node.Inputs.Length > 2 ? graph.ConstantOf(node.Inputs[2]) : null;
        if (node.Inputs.Length > 2 && bias is null)
            return Interval.Unbounded;
        int filters = weight.Shape[0], taps = weight.Shape.Count / filters;
        return Hull(filters, m => WeightedSum(weight.Floats.Slice(m * taps, taps), 1, x) + Interval.Point(bias?.Floats[m] ?? 0));
    }

    private static Interval OfProduct(Node node, Graph graph, Func<Value, Interval> range)
    {
        (Interval a, Interval b) = (range(node.Inputs[0]), range(node.Inputs[1]));
        if (graph.ConstantOf(node.Inputs[1]) is { Shape: { Rank: 2, Count: > 0 } } weight)
            return Hull(weight.Shape[1], n => WeightedSum(weight.Floats[n..], weight.Shape[1], a));
        return node.Inputs[0].Shape[node.Inputs[0].Shape.Rank - 1] * (a * b);
    }

    private static Interval OfBatchNormalization(Node node, Graph graph, Func<Value, Interval> range)
    {
        if (Canonical.ChannelScale.Match(node, channelAxis: 1, graph.ConstantOf) is not { Scale.Length: > 0 } channels)
            return Interval.Unbounded;
        Interval x = range(node.Inputs[0]);
        return Hull(channels.Scale.Length, c => (channels.Scale[c] * x) + Interval.Point(channels.Offset[c]));
    }

    private static Interval WeightedSum(ReadOnlySpan<float> weights, int stride, Interval x)
    {
        double positive = 0, negative = 0;
        for (int i = 0; i < weights.Length; i += stride)
            (positive, negative) = (positive + Math.Max(weights[i], 0), negative + Math.Min(weights[i], 0));
        return (positive * x) + (negative * x);
    }

    private static Interval Hull(int count, Func<int, Interval> range)
        => Enumerable.Range(0, count).Select(range).Aggregate((a, b) => a.Hull(b));
}
