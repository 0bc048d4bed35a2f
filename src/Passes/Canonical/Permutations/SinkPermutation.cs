using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Permutations;

/// <summary>
/// A permutation of channels moves behind what treats all channels alike – activations, pools, flattening – towards the
/// linear layer that absorbs it.
/// </summary>
internal sealed class SinkPermutation : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Inputs.Length != 1 || ChannelGather.MatchSingle(node.Inputs[0], graph) is not { IsPermutation: true } gather)
            return null;
        return node.Operation switch
        {
            Relu or Clip or ElementwiseFunction or Unary => Move(node, gather, graph),
            MaxPool or AveragePool when gather.Axis == 1 => Move(node, gather, graph),
            Reshape when Flattened(node.Output.Shape, gather) is { } flat => Move(node, flat, graph),
            _ => null,
        };
    }

    private static Value Move(Node node, ChannelGather gather, GraphRewriter graph)
    {
        Value x = graph.Add(node.Operation, [gather.Source], $"{node.Output.Name}.unordered", node.Name);
        return graph.Define(node.Output, new Gather(gather.Axis), [x, ChannelGather.Indices(gather.Positions, node.Output.Name, graph)], $"{node.Name}.order");
    }

    /// <summary>The permutation of the elements of the axis that the gathered axis and those behind it become, or null.</summary>
    private static ChannelGather? Flattened(Shape flat, ChannelGather gather)
    {
        Shape x = gather.Source.Shape;
        int inner = x.Strides()[gather.Axis];
        bool keepsOuter = flat.Rank == gather.Axis + 1 && flat.Dimensions.AsSpan()[..gather.Axis].SequenceEqual(x.Dimensions.AsSpan()[..gather.Axis]);
        return !keepsOuter ? null : gather with
        {
            Positions = [.. gather.Positions.SelectMany(p => Enumerable.Range(p * inner, inner))],
        };
    }
}
