using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>
/// conv(a·x + o, W, b) → conv(x, W·a, b + Σ W·o), per input channel: batch normalisation before a convolution. A convolution
/// that pads does so with 0 and not with o, so there o has to be 0.
/// </summary>
internal sealed class ScaleIntoNextConv : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (LinearLayer.Convolution(node, graph) is not { Node.Operation: Conv conv } layer || !graph.HasOneUse(layer.Input))
            return null;
        if (graph.Producer(layer.Input) is not { } scaling || ChannelScale.Match(scaling, channelAxis: 1, graph) is not { } channels)
            return null;
        if (!channels.IsScaleOnly && !conv.Window.Pads.All(0))
            return null;

        double[] weight = new double[layer.Weight.Shape.Count], bias = new double[layer.Weight.Shape[0]];
        int area = conv.Window.Kernel.Aggregate(1, (size, k) => size * k), inputs = layer.Weight.Shape[1], filters = bias.Length / conv.Groups;
        for (int i = 0; i < weight.Length; i++)
        {
            int filter = i / (inputs * area), channel = (filter / filters * inputs) + (i / area % inputs);
            weight[i] = layer.Weight.Floats[i] * channels.Scale[channel];
            bias[filter] += layer.Weight.Floats[i] * channels.Offset[channel];
        }

        for (int filter = 0; filter < layer.Bias.Length; filter++)
            bias[filter] += layer.Bias[filter];
        if (layer.Constant(layer.Weight.Shape, weight) is not { } scaled || layer.Constant(new Shape(bias.Length), bias) is not { } shifted)
            return null;
        ImmutableArray<Value> merged = [channels.Input, graph.AddConstant(scaled, $"{node.Inputs[1].Name}.scaled")];
        if (layer.Bias.Length > 0 || !channels.IsScaleOnly)
            merged = merged.Add(graph.AddConstant(shifted, $"{node.Name}.bias"));
        return graph.Define(node.Output, conv, merged, node.Name);
    }
}
