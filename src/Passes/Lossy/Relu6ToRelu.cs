using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Clip(0, b) → ReLU: one comparison an element instead of two (Shafran et al., "Crypto-Oriented Neural Architecture
/// Design", section 4.2). Values above the bound grow, which the ring has to hold.
/// </summary>
public sealed class Relu6ToRelu(PassArguments arguments) : LocalLayerPass(arguments)
{
    public override string Name => "relu6-to-relu";

    public override string Summary => "Drops the upper bound of ReLU6 and of other clips from zero: one comparison an element instead of two.";

    public override string Paper => "Crypto-Oriented Neural Architecture Design, section 4.2";

    protected override bool AppliesTo(Node node, Graph graph)
        => node.Operation is Clip { Minimum: 0 } clip && float.IsFinite(clip.Maximum) && node.Output.Type.IsFloat;

    protected override Value? Replace(Node node, GraphRewriter graph) => graph.Define(node.Output, new Relu(), node.Inputs, node.Name);
}
