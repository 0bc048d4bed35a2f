using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// a·(x·W + b) + o → x·(W·diag(a)) + (a·b + o), per column of W, with b possibly absent. The layer keeps its name.
/// </summary>
internal sealed class FoldChannelScaleIntoMatMul : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (ChannelScale.Match(node, channelAxis: ^1, graph) is not { } channels || !graph.HasOneUse(channels.Input))
            return null;
        Node? addition = graph.Producer(channels.Input) is { Operation: Binary { Kind: BinaryKind.Add } } add ? add : null;
        ChannelScale? bias = addition == null ? null : ChannelScale.Match(addition, ^1, graph);
        Value product = bias?.Input ?? channels.Input;
        if (graph.Producer(product) is not { Operation: MatMul } matmul || !graph.HasOneUse(product))
            return null;
        if (graph.ConstantOf(matmul.Inputs[1]) is not { Shape.Rank: 2 } weight)
            return null;
        if (bias == null && channels.IsOffsetOnly && node.Operation is Binary { Kind: BinaryKind.Add })
            return null; // x·W + o already

        float[] biasElements = bias == null ? [] : Array.ConvertAll(bias.Offset, v => (float)v);
        Tensor offset = LinearWeights.Bias(biasElements, channels, weight.Type);
        Value[] inputs = [matmul.Inputs[0], matmul.Inputs[1]];
        if (!channels.IsOffsetOnly)
        {
            Tensor scaledWeight = LinearWeights.Scaled(weight, channels.Scale, channelAxis: 1);
            inputs[1] = graph.AddConstant(scaledWeight, $"{inputs[1].Name}.folded");
        }

        if (offset.Floats.IndexOfAnyExcept(0f) < 0)
            return graph.Define(node.Output, matmul.Operation, [.. inputs], matmul.Name);

        Value scaled = channels.IsOffsetOnly
            ? product
            : graph.Add(matmul.Operation, [.. inputs], $"{product.Name}.folded", matmul.Name);
        string name = addition == null ? $"{matmul.Name}.bias" : $"{addition.Inputs.Single(v => v != product).Name}.folded";
        Value constant = graph.AddConstant(offset, name);
        return graph.Define(node.Output, new Binary(BinaryKind.Add), [scaled, constant], (addition ?? node).Name);
    }
}
