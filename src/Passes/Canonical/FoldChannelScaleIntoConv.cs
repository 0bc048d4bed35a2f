using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>a·conv(x, W, b) + o → conv(x, a·W, a·b + o), per output channel. The layer keeps its name.</summary>
internal sealed class FoldChannelScaleIntoConv : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (ChannelScale.Match(node, channelAxis: 1, graph) is not { } channels || !graph.HasOneUse(channels.Input))
            return null;
        if (graph.Producer(channels.Input) is not { Operation: Conv } conv || graph.ConstantOf(conv.Inputs[1]) is not { } weight)
            return null;
        Tensor? bias = conv.Inputs.Length > 2 ? graph.ConstantOf(conv.Inputs[2]) : null;
        if (conv.Inputs.Length > 2 && bias == null)
            return null;

        ImmutableArray<Value> inputs = conv.Inputs;
        if (!channels.IsOffsetOnly)
        {
            Tensor scaled = LinearWeights.Scaled(weight, channels.Scale, channelAxis: 0);
            inputs = inputs.SetItem(1, graph.AddConstant(scaled, $"{inputs[1].Name}.folded"));
        }

        if (bias != null || !channels.IsScaleOnly)
        {
            string name = bias != null ? $"{inputs[2].Name}.folded" : $"{conv.Name}.bias";
            Tensor folded = LinearWeights.Bias(bias == null ? [] : bias.Floats, channels, weight.Type);
            inputs = [inputs[0], inputs[1], graph.AddConstant(folded, name)];
        }

        return graph.Define(node.Output, conv.Operation, inputs, conv.Name);
    }
}
