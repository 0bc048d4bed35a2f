using PrivateInference.IR;
using PrivateInference.Passes.Exact.Placement;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>
/// ReLU shuffling (CryptoNAS, section 3.1, Figure 2c): a ReLU before a skip is shared by all that the skip leads to, where
/// the model repeats it after every concatenation. Dense blocks, ENAS-style concatenations and channel splits are special
/// cases of one rule, which also holds for ReLU6 and other clips.
/// </summary>
/// <remarks>
/// <para>
/// Why the result is the same function. Let f be the activation. (1) f(f(x)) = f(x). (2) f(T(x, y, …)) = T(f(x), f(y), …)
/// for every operation T that <see cref="Commutation"/> lists, each with its reason. Take a value v that lies in f's
/// bounds, so that f(v) = v, and follow it up through such T and through f itself to where neither occurs; let p be the
/// same expression with every f left out. By (1), (2) and induction over the expression f(v) = f(p), hence v = f(p). So v
/// may be computed as f of the plain p, or as T of operands that are clamped by the same rule; every choice gives the same
/// numbers, to the bit where T computes without rounding.
/// </para>
/// <para>
/// Additions are not in the list: max(a + b, 0) is not max(a, 0) + max(b, 0). A residual addition a + b is a place where f
/// can be computed and shared, but f passes it only where a and b cannot be negative, and then there is no decision to
/// take (<see cref="ReluRedundant"/>). The same goes for a batch normalisation that shifts, which is why the ReLUs behind
/// the different normalisations of one concatenation, as in DenseNet, decide differently and cannot be shared.
/// </para>
/// <para>
/// Which places: <see cref="ClampPlacement"/>. They are chosen for all readers together and sharing counts, so the number
/// of sign decisions is the least that moving f through these operations can give; the rewrite is made only if it falls.
/// </para>
/// </remarks>
public sealed class ReluShuffle : Pass
{
    public override string Name => "relu-shuffle";

    public override string Summary => "Shares one ReLU before a skip, concatenation or split instead of repeating it behind.";

    public override PassContract Contract => PassContract.Exact;

    public override string Paper => "CryptoNAS (Ghodsi et al., 2020), section 3.1";

    public override Graph Run(Graph graph, PassContext context)
    {
        Graph swept = graph.With(DeadNodes.Sweep(graph.Nodes, graph.Outputs)), current = swept;
        while (Improved(current, context) is { } next)
            current = next;
        return ReferenceEquals(current, swept) ? graph : current;
    }

    /// <summary>Fewer sign decisions by moving one kind of activation, or null; the places of one kind limit those of others.</summary>
    private static Graph? Improved(Graph graph, PassContext context)
    {
        long decisions = SignDecisions.Count(graph);
        foreach (Clamp clamp in graph.Nodes.Where(n => n.Output.Type.IsFloat).Select(n => Clamp.Of(n.Operation)).OfType<Clamp>().Distinct())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Graph candidate = ClampPlacement.Improve(graph, clamp, context);
            if (SignDecisions.Count(candidate) < decisions)
                return candidate;
        }

        return null;
    }
}
