using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Smooth and leaky relatives of ReLU → ReLU, one comparison an element and nothing else (Shafran et al.,
/// "Crypto-Oriented Neural Architecture Design", section 3, on variants of ReLU).
/// </summary>
public sealed class ActivationToRelu(PassArguments arguments) : LocalLayerPass(arguments)
{
    public override string Name => "activation-to-relu";

    public override string Summary => "Replaces leaky and smooth relatives of ReLU (LeakyRelu, PRelu, Elu, HardSwish, SiLU, Gelu, Mish, Softplus, ThresholdedRelu) by ReLU.";

    public override string Paper => "Crypto-Oriented Neural Architecture Design, section 3";

    protected override bool AppliesTo(Node node, Graph graph) => node.Output.Type.IsFloat && node.Operation switch
    {
        LeakyRelu or PRelu or Elu or HardSwish or Gelu or ThresholdedRelu or Unary { Kind: UnaryKind.Mish or UnaryKind.Softplus } => true,
        _ => Activations.SiluInput(node, graph.Producer) is not null,
    };

    protected override Value? Replace(Node node, GraphRewriter graph)
        => graph.Define(node.Output, new Relu(), [Activations.SiluInput(node, graph.Producer) ?? node.Inputs[0]], node.Name);
}
