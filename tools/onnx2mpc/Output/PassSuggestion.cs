using PrivateInference.Backends;
using PrivateInference.IR;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>A pass that would make secure execution cheaper, with what it would save.</summary>
internal sealed record PassSuggestion(string Pass, string Contract, long RelusBefore, long RelusAfter)
{
    /// <summary>Tries every pass that is not part of the canonical form; keeps those that save sign decisions, the best first.</summary>
    public static IReadOnlyList<PassSuggestion> For(Graph graph, PassContext? context = null)
    {
        HashSet<string> canonical = [.. PassPipeline.Canonical.Select(p => p.Name)];
        long before = Count(graph);
        return
        [
            .. PassRegistry.Default.All
                .Where(pass => !canonical.Contains(pass.Name))
                .Select(pass => Try(pass, graph, before, context ?? PassContext.Default))
                .OfType<PassSuggestion>()
                .Where(s => s.RelusAfter < before)
                .OrderBy(s => s.RelusAfter),
        ];
    }

    /// <summary>Null for a pass that needs to be told more than the graph: sample inputs, or which layers.</summary>
    private static PassSuggestion? Try(Pass pass, Graph graph, long before, PassContext context)
    {
        try
        {
            return new PassSuggestion(pass.Name, pass.Contract.ToString().ToLowerInvariant(), before, Count(pass.Run(graph, context)));
        }
        catch (PassException)
        {
            return null;
        }
    }

    // What the plan will need where there is one: the lowering fuses some of it by itself.
    private static long Count(Graph graph) => BackendCompiler.CountSignDecisions(graph) ?? SignDecisions.Count(graph);
}
