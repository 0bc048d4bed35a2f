using PrivateInference.IR;
using PrivateInference.Passes.Analysis;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>
/// Finds the cheapest places for one clamp. A clamped position is available if the clamp is computed there, or if all its
/// operands are available clamped. So the places have to cut every path from a leaf to a position that is asked for: a
/// minimum vertex cut, weighted by sign decisions. Of equal cuts the one with the fewest new places wins.
/// </summary>
internal static class ClampPlacement
{
    /// <summary>The graph with the clamp at the cheapest places; a graph that computes the same function.</summary>
    public static Graph Improve(Graph graph, Clamp clamp, PassContext context)
    {
        ClampRegion region = new(graph, clamp, StaticRanges.Of(graph, context.InputRange));
        IReadOnlySet<int> cut = Cut(region, clamp);
        return PlacedGraph.Write(region, clamp, cut, new ClampDemand(region, cut));
    }

    private static IReadOnlySet<int> Cut(ClampRegion region, Clamp clamp)
    {
        ClampDemand demand = new(region, cut: null);
        VertexCut problem = new(region.Positions.Count);
        foreach (Position position in region.Positions.Where(demand.Clamped.Contains))
        {
            problem.AddVertex(position.Index, Weight(position, clamp, region.Positions.Count));
            if (position.IsLeaf)
                problem.AddSource(position.Index);
            if (demand.Asked.Contains(position))
                problem.AddSink(position.Index);
            foreach (Position operand in position.Operands.OfType<Position>())
                problem.AddArc(operand.Index, position.Index);
        }

        return problem.Find();
    }

    /// <summary>Sign decisions first; the number of new places can never outweigh one of them.</summary>
    private static long Weight(Position position, Clamp clamp, int positions)
        => position.IsFree ? 0 : ((long)position.First.Shape.Count * clamp.Decisions * (positions + 1)) + (position.HasClamp ? 0 : 1);
}
