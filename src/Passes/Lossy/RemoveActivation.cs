using PrivateInference.IR;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Removes whole activations: a partial activation of ratio 0 (Shafran et al., "Crypto-Oriented Neural Architecture Design",
/// section 4.1). Has to be told which, as a network without any is linear.
/// </summary>
public sealed class RemoveActivation(PassArguments arguments) : LocalLayerPass(arguments, mustSelect: true)
{
    private static readonly PassParameter s_layers = LayerSelection.Parameter with { Default = "" };

    public override string Name => "remove-activation";

    public override string Summary => "Removes the activations of the selected layers.";

    public override string Paper => "Crypto-Oriented Neural Architecture Design, section 4.1";

    public override IReadOnlyList<PassParameter> Parameters => [s_layers];

    protected override bool AppliesTo(Node node, Graph graph) => Activations.IsActivation(node);

    protected override Value? Replace(Node node, GraphRewriter graph) => node.Inputs[0];
}
