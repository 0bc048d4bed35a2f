using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Max pool → average pool of the same kernel, strides and padding: no comparison, and in secure inference no communication
/// (Shafran et al., "Crypto-Oriented Neural Architecture Design", section 4.2).
/// </summary>
public sealed class MaxPoolToAveragePool(PassArguments arguments) : LocalLayerPass(arguments)
{
    private static readonly PassParameter s_padding = new(
        "count-include-pad", "Whether padding counts in the divisor: true or false. A max pool ignores padding, as false does.", "false");

    private readonly bool _countIncludePad = arguments.Choice(s_padding, "true", "false") == "true";

    public override string Name => "maxpool-to-avgpool";

    public override string Summary => "Replaces max pools by average pools of the same window, which need no comparison.";

    public override string Paper => "Crypto-Oriented Neural Architecture Design, section 4.2";

    public override IReadOnlyList<PassParameter> Parameters => [LayerSelection.Parameter, s_padding];

    protected override bool AppliesTo(Node node, Graph graph) => node.Operation is MaxPool && node.Output.Type.IsFloat;

    protected override Value? Replace(Node node, GraphRewriter graph)
    {
        MaxPool pool = (MaxPool)node.Operation;
        return graph.Define(node.Output, new AveragePool(pool.Window, pool.CeilMode, _countIncludePad), node.Inputs, node.Name);
    }
}
