using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>op(constant, …) → constant</summary>
public sealed class FoldConstants(PassArguments arguments) : RewritePass, IRewriteRule
{
    private static readonly PassParameter MaxElements = new(
        "max-elements", "A result with more elements than this stays computed; an integer.", "16777216");

    private readonly int _maxElements = arguments.Integer(MaxElements, minimum: 1);

    public override string Name => "fold-constants";

    public override string Summary => "Computes what depends on constants only.";

    public override PassContract Contract => PassContract.Exact;

    public override IReadOnlyList<PassParameter> Parameters => [MaxElements];

    protected override IReadOnlyList<IRewriteRule> Rules => [this];

    Value? IRewriteRule.Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Inputs.IsEmpty || node.Output.Shape.Count > _maxElements)
            return null;
        List<Tensor> inputs = [.. node.Inputs.Select(graph.ConstantOf).OfType<Tensor>()];
        if (inputs.Count < node.Inputs.Length)
            return null;
        return graph.Define(node.Output, new Constant(FloatInterpreter.Evaluate(node, [.. inputs])), [], node.Name);
    }
}
