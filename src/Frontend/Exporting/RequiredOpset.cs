using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Exporting;

/// <summary>
/// The operator set that a graph is written in: the oldest that has every operator of it. Training tools lag behind
/// the standard, so a file claims no newer set than it needs.
/// </summary>
internal static class RequiredOpset
{
    /// <summary>What all other operations are written in.</summary>
    public const int Oldest = 17;

    /// <summary>Since this set, every reduction takes its axes as an input.</summary>
    public const int AxesAsInput = 18;

    public static int Of(Graph graph)
        => graph.Nodes.Select(n => Math.Max(Of(n.Operation), Of(n.Output.Type))).Concat(graph.Inputs.Select(v => Of(v.Type))).Append(Oldest).Max();

    private static int Of(TensorType type) => type.Element is ElementType.Int4 or ElementType.UInt4 ? 21 : Oldest;

    private static int Of(Operation operation) => operation switch
    {
        Gelu => 20,
        AveragePool pool when !pool.Window.Dilations.All(1) => 19,
        LpPool pool when pool.CeilMode || !pool.Window.Dilations.All(1) => 18,
        Unary { Kind: UnaryKind.Mish } => 18,
        _ => Oldest,
    };
}
