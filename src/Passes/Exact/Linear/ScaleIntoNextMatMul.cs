using PrivateInference.IR;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>flatten(a·x + o)·W → flatten(x)·(diag(a)·W) + o·W, with a and o per channel (axis 1) of x.</summary>
internal sealed class ScaleIntoNextMatMul : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (FlatProduct.Match(node, graph) is not { } flat || graph.Producer(flat.Source) is not { } scaling)
            return null;
        if (ChannelScale.Match(scaling, channelAxis: 1, graph) is not { } channels)
            return null;
        if (channels.IsOffsetOnly && graph.Producer(channels.Input) is { } before && LinearLayer.Product(before, graph) != null)
            return null; // the bias of a product, which is for two products to merge
        Tensor weight = flat.Layer.Weight;
        int columns = weight.Shape[1], pixels = weight.Shape[0] / channels.Scale.Length;
        double[] scaled = new double[weight.Shape.Count], offset = new double[columns];
        for (int i = 0; i < scaled.Length; i++)
        {
            int channel = i / columns / pixels;
            scaled[i] = channels.Scale[channel] * weight.Floats[i];
            offset[i % columns] += channels.Offset[channel] * weight.Floats[i];
        }

        return AffineProduct.Define(node, flat.Layer, FlatProduct.Flatten(channels.Input, graph), scaled, offset, graph);
    }
}
