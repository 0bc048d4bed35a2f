using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>batchnorm(x) → x·a + o with constants a, o of shape 1×C×1…, where there is no linear layer to fold it into.</summary>
internal sealed class BatchNormToMulAdd : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not BatchNormalization || ChannelScale.Match(node, channelAxis: 1, graph) is not { } channels)
            return null;
        Value scale = graph.AddConstant(PerChannel(channels.Scale, node.Output.Type), $"{node.Name}.scale");
        Value offset = graph.AddConstant(PerChannel(channels.Offset, node.Output.Type), $"{node.Name}.offset");
        Value scaled = graph.Add(new Binary(BinaryKind.Mul), [channels.Input, scale], $"{node.Name}.scaled");
        return graph.Define(node.Output, new Binary(BinaryKind.Add), [scaled, offset], node.Name);
    }

    private static Tensor PerChannel(double[] elements, TensorType type)
    {
        int[] dimensions = new int[type.Shape.Rank];
        Array.Fill(dimensions, 1);
        dimensions[1] = elements.Length;
        return Tensor.FromFloats(type.WithShape(new Shape(dimensions)), Array.ConvertAll(elements, v => (float)v));
    }
}
