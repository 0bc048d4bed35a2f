using System.Numerics;

namespace PrivateInference.Passes.Sharing;

/// <summary>
/// Clusters bit patterns by their Hamming distance as Helbitz and Avidan do: the two nearest patterns of different sets are
/// taken and their sets joined until so many sets are left. That is single linkage, so it is a minimum spanning tree
/// without its longest edges, in time quadratic and memory linear in the number of patterns.
/// </summary>
internal static class AgglomerativeClustering
{
    /// <param name="patterns">Bit patterns of one length.</param>
    /// <param name="clusters">How many sets are to be left; at least 1.</param>
    /// <returns>The patterns of each cluster, ascending; clusters in the order of their first.</returns>
    public static int[][] Cluster(ulong[][] patterns, int clusters)
    {
        int[] parents = [.. Enumerable.Range(0, patterns.Length)];
        foreach ((int from, int to, _) in SpanningTree(patterns).OrderBy(e => e.Distance).Take(Math.Max(0, patterns.Length - clusters)))
            parents[Root(parents, from)] = Root(parents, to);
        return [.. Enumerable.Range(0, patterns.Length).GroupBy(i => Root(parents, i)).Select(g => g.ToArray())];
    }

    /// <summary>The member of a cluster with the least distance to all members together.</summary>
    public static int Medoid(ulong[][] patterns, int[] cluster)
        => cluster.MinBy(i => cluster.Sum(j => (long)Distance(patterns[i], patterns[j])));

    public static int Distance(ulong[] a, ulong[] b)
    {
        int distance = 0;
        for (int i = 0; i < a.Length; i++)
            distance += BitOperations.PopCount(a[i] ^ b[i]);
        return distance;
    }

    /// <summary>Prim's algorithm from the first pattern on.</summary>
    private static List<(int From, int To, int Distance)> SpanningTree(ulong[][] patterns)
    {
        List<(int, int, int)> edges = [];
        int[] nearest = new int[patterns.Length], distance = new int[patterns.Length];
        Array.Fill(distance, int.MaxValue);
        List<int> outside = [.. Enumerable.Range(1, Math.Max(0, patterns.Length - 1))];
        for (int added = 0; outside.Count > 0;)
        {
            int next = 0;
            for (int i = 0; i < outside.Count; i++)
            {
                int pattern = outside[i], d = Distance(patterns[added], patterns[pattern]);
                if (d < distance[pattern])
                    (nearest[pattern], distance[pattern]) = (added, d);
                if (distance[pattern] < distance[outside[next]])
                    next = i;
            }

            added = outside[next];
            outside.RemoveAt(next);
            edges.Add((nearest[added], added, distance[added]));
        }

        return edges;
    }

    private static int Root(int[] parents, int i)
    {
        while (parents[i] != i)
            i = parents[i] = parents[parents[i]];
        return i;
    }
}
