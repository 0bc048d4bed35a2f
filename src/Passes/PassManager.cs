using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Verification;

namespace PrivateInference.Passes;

/// <summary>Runs passes in order and records what each did.</summary>
/// <param name="passes">The passes, in order.</param>
/// <param name="verify">Whether to check the graph after every pass; a failure names the pass.</param>
public sealed class PassManager(IReadOnlyList<Pass> passes, bool verify = false)
{
    /// <summary>Rounds after which a list of passes that still changes the graph is taken to undo its own work.</summary>
    private const int RoundLimit = 1000;

    /// <summary>Runs every pass once.</summary>
    /// <exception cref="GraphException">The graph has no meaning, or a pass broke it.</exception>
    public PassResult Run(Graph graph, PassContext context)
    {
        ImmutableArray<PassTrace>.Builder trace = ImmutableArray.CreateBuilder<PassTrace>();
        foreach (Pass pass in passes)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Graph next = pass.Run(graph, context);
            if (verify)
                Verify(next, pass);
            trace.Add(Compare(pass, graph, next));
            graph = next;
        }

        return new PassResult(graph, trace.ToImmutable());
    }

    /// <summary>Runs the list again and again until a round changes nothing. The trace holds every round.</summary>
    /// <exception cref="GraphException">The graph has no meaning, or a pass broke it.</exception>
    public PassResult RunToFixedPoint(Graph graph, PassContext context)
    {
        List<PassTrace> trace = [];
        for (int round = 0; round < RoundLimit; round++)
        {
            PassResult result = Run(graph, context);
            trace.AddRange(result.Trace);
            graph = result.Graph;
            if (!result.Trace.Any(t => t.Changed))
                return new PassResult(graph, [.. trace]);
        }

        throw new InvalidOperationException($"The passes {string.Join(", ", passes.Select(p => p.Name))} do not settle.");
    }

    private static PassTrace Compare(Pass pass, Graph before, Graph after) => new(
        pass.Name,
        !ReferenceEquals(before, after),
        before.Nodes.Length,
        after.Nodes.Length,
        SignDecisions.Count(before),
        SignDecisions.Count(after));

    private static void Verify(Graph graph, Pass pass)
    {
        try
        {
            GraphVerifier.Require(graph);
        }
        catch (GraphException e)
        {
            throw new GraphException($"After pass '{pass.Name}': {e.Message}", e);
        }
    }
}
