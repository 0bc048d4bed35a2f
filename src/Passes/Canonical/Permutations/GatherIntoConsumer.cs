using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Permutations;

/// <summary>A permutation of a linear layer's input channels permutes the layer's weights instead.</summary>
internal sealed class GatherIntoConsumer : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not (Conv { Groups: 1 } or MatMul) || ChannelGather.Match(graph.Producer(node.Inputs[0]), graph) is not { IsPermutation: true } gather)
            return null;
        if (graph.ConstantOf(node.Inputs[1]) is not { } weight)
            return null;
        bool convolution = node.Operation is Conv;
        bool fits = convolution ? gather.Axis == 1 : gather.Axis == node.Inputs[0].Shape.Rank - 1 && weight.Shape.Rank == 2;
        if (!fits)
            return null;
        Tensor permuted = ChannelGather.Pick(weight, convolution ? 1 : 0, gather.Inverse());
        return graph.Define(node.Output, node.Operation, [gather.Source, graph.AddConstant(permuted, $"{node.Name}.weights"), .. node.Inputs.Skip(2)], node.Name);
    }
}
