using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Permutations;

/// <summary>
/// A gather of a linear layer's output channels picks the layer's weights instead. On the way there it passes arithmetic
/// with a constant and depthwise convolutions. One that repeats channels, so that there are more than before, stays: the layer
/// would compute them again.
/// </summary>
internal sealed class GatherIntoProducer : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (ChannelGather.Match(node, graph) is not { } gather || gather.Positions.Length > gather.Source.Shape[gather.Axis]
            || !graph.HasOneUse(gather.Source) || graph.Producer(gather.Source) is not { } producer)
            return null;
        return producer.Operation switch
        {
            Conv { Groups: 1 } when gather.Axis == 1 => OfConvolution(node, producer, gather, graph),
            Conv conv when gather.Axis == 1 && IsDepthwise(conv, producer) && gather.IsPermutation => OfDepthwise(node, producer, gather, graph),
            MatMul when gather.Axis == node.Output.Shape.Rank - 1 && graph.ConstantOf(producer.Inputs[1]) is { Shape.Rank: 2 } weight
                => graph.Define(node.Output, new MatMul(), [producer.Inputs[0], Weights(weight, 1, gather, producer, graph)], producer.Name),
            Binary binary => OfArithmetic(node, producer, binary, gather, graph),
            _ => null,
        };
    }

    private static bool IsDepthwise(Conv conv, Node node) => conv.Groups == node.Inputs[0].Shape[1] && conv.Groups == node.Output.Shape[1];

    private static Value? OfConvolution(Node node, Node producer, ChannelGather gather, GraphRewriter graph)
    {
        if (Parameters(producer, gather, graph) is not { } parameters)
            return null;
        return graph.Define(node.Output, producer.Operation, [producer.Inputs[0], .. parameters], producer.Name);
    }

    private static Value? OfDepthwise(Node node, Node producer, ChannelGather gather, GraphRewriter graph)
    {
        if (Parameters(producer, gather, graph) is not { } parameters)
            return null;
        Value source = gather.Of(producer.Inputs[0], $"{producer.Inputs[0].Name}.order", graph);
        return graph.Define(node.Output, producer.Operation, [source, .. parameters], producer.Name);
    }

    /// <summary>Weights and bias with their output channels picked; null where they are no constants.</summary>
    private static Value[]? Parameters(Node producer, ChannelGather gather, GraphRewriter graph)
    {
        Tensor?[] constants = [.. producer.Inputs.Skip(1).Select(graph.ConstantOf)];
        return constants.Any(c => c is null) ? null : [.. constants.Select(c => Weights(c!, 0, gather, producer, graph))];
    }

    private static Value Weights(Tensor tensor, int axis, ChannelGather gather, Node producer, GraphRewriter graph)
        => graph.AddConstant(ChannelGather.Pick(tensor, axis, gather.Positions), $"{producer.Name}.weights");

    private static Value? OfArithmetic(Node node, Node producer, Binary binary, ChannelGather gather, GraphRewriter graph)
    {
        int variable = graph.ConstantOf(producer.Inputs[0]) is null ? 0 : 1;
        Value x = producer.Inputs[variable];
        if (graph.ConstantOf(producer.Inputs[1 - variable]) is not { Type.IsFloat: true } constant || x.Shape != gather.Source.Shape || !LeadsToWeights(x, graph))
            return null;
        int axis = gather.Axis - (x.Shape.Rank - constant.Shape.Rank);
        Value operand = axis < 0 || constant.Shape[axis] == 1
            ? producer.Inputs[1 - variable]
            : graph.AddConstant(ChannelGather.Pick(constant, axis, gather.Positions), $"{producer.Name}.operand");
        Value gathered = gather.Of(x, $"{x.Name}.order", graph);
        return graph.Define(node.Output, binary, variable == 0 ? [gathered, operand] : [operand, gathered], producer.Name);
    }

    // Behind anything else the gather would only lie elsewhere.
    private static bool LeadsToWeights(Value x, GraphRewriter graph)
        => graph.HasOneUse(x) && graph.Producer(x) is { Operation: Conv or MatMul or Binary };
}
