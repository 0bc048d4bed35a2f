using PrivateInference.IR;
using PrivateInference.Passes.Canonical;

namespace PrivateInference.Passes;

/// <summary>The lists of passes that every compilation runs.</summary>
public static class PassPipeline
{
    /// <summary>Brings a graph into the form that rewrites and the lowering expect. Meant to run to its fixed point.</summary>
    public static IReadOnlyList<Pass> Canonical { get; } =
    [
        new FoldConstants(PassArguments.None),
        new RecognizeActivations(),
        new DropIdentity(),
        new MergePad(),
        new FoldBatchNorm(),
        new FoldChannelPermutation(),
        new CommonSubexpressions(),
        new DeadCode(),
    ];

    /// <summary>The canonical form of a graph.</summary>
    /// <exception cref="GraphException">The graph has no meaning; the message names the node.</exception>
    public static Graph Canonicalize(Graph graph, PassContext? context = null)
        => new PassManager(Canonical).RunToFixedPoint(graph, context ?? PassContext.Default).Graph;
}
