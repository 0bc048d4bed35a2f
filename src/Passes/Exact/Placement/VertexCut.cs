namespace PrivateInference.Passes.Exact.Placement;

/// <summary>
/// The cheapest set of vertices that every path from a source to a sink of a directed graph passes: a minimum cut, found
/// as a maximum flow along shortest augmenting paths (Edmonds and Karp). Each vertex is an edge from its entry to its exit
/// with the vertex's weight as capacity; the graph's own edges are unlimited.
/// </summary>
internal sealed class VertexCut
{
    private const long Unlimited = long.MaxValue / 4;

    private readonly int _vertices;
    private readonly List<(int Target, long Capacity)> _edges = [];
    private readonly List<int>[] _outgoing;

    /// <param name="vertices">Their number; they are numbered from 0.</param>
    public VertexCut(int vertices)
    {
        _vertices = vertices;
        _outgoing = [.. Enumerable.Range(0, (2 * vertices) + 2).Select(_ => new List<int>())];
    }

    private int Source => 2 * _vertices;

    private int Sink => Source + 1;

    public void AddVertex(int vertex, long weight) => AddEdge(Entry(vertex), Exit(vertex), weight);

    public void AddArc(int from, int to) => AddEdge(Exit(from), Entry(to), Unlimited);

    public void AddSource(int vertex) => AddEdge(Source, Entry(vertex), Unlimited);

    public void AddSink(int vertex) => AddEdge(Exit(vertex), Sink, Unlimited);

    /// <summary>The vertices of the cut that lies nearest to the sources.</summary>
    public IReadOnlySet<int> Find()
    {
        while (true)
        {
            int[] arrivals = Search();
            if (arrivals[Sink] < 0)
                return Enumerable.Range(0, _vertices).Where(v => arrivals[Entry(v)] >= 0 && arrivals[Exit(v)] < 0).ToHashSet();
            Augment(arrivals);
        }
    }

    private static int Entry(int vertex) => 2 * vertex;

    private static int Exit(int vertex) => (2 * vertex) + 1;

    /// <summary>An edge and its residual, next to each other.</summary>
    private void AddEdge(int from, int to, long capacity)
    {
        _outgoing[from].Add(_edges.Count);
        _edges.Add((to, capacity));
        _outgoing[to].Add(_edges.Count);
        _edges.Add((from, 0));
    }

    /// <summary>For every node the edge by which a breadth-first search arrives; −1 where it does not.</summary>
    private int[] Search()
    {
        int[] arrivals = new int[_outgoing.Length];
        Array.Fill(arrivals, -1);
        arrivals[Source] = int.MaxValue;
        Queue<int> queue = new([Source]);
        while (queue.TryDequeue(out int node) && arrivals[Sink] < 0)
        {
            foreach (int edge in _outgoing[node])
            {
                (int target, long capacity) = _edges[edge];
                if (capacity == 0 || arrivals[target] >= 0)
                    continue;
                arrivals[target] = edge;
                queue.Enqueue(target);
            }
        }

        return arrivals;
    }

    private void Augment(int[] arrivals)
    {
        long flow = Unlimited;
        for (int node = Sink; node != Source; node = _edges[arrivals[node] ^ 1].Target)
            flow = Math.Min(flow, _edges[arrivals[node]].Capacity);
        for (int node = Sink; node != Source; node = _edges[arrivals[node] ^ 1].Target)
        {
            Change(arrivals[node], -flow);
            Change(arrivals[node] ^ 1, flow);
        }
    }

    private void Change(int edge, long amount) => _edges[edge] = _edges[edge] with { Capacity = _edges[edge].Capacity + amount };
}
