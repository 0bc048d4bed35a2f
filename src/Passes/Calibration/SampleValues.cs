using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Calibration;

/// <summary>
/// What values of a graph are on sample inputs, computed when asked for and kept. Asked by a rewrite rule for what has been
/// written so far, it shows a layer what it gets from the layers before it as they are by then.
/// </summary>
internal sealed class SampleValues
{
    /// <summary>More samples tell little more about a few parameters a channel.</summary>
    private const int MaxSamples = 256;

    private const int MinSamples = 8;

    /// <summary>About 512 MB.</summary>
    private const long MaxElements = 1L << 27;

    private readonly CancellationToken _cancellation;
    private readonly Dictionary<Value, Tensor[]> _known = [];

    private SampleValues(Value input, ImmutableArray<Tensor> samples, CancellationToken cancellation)
    {
        Count = samples.Length;
        _known[input] = [.. samples];
        _cancellation = cancellation;
    }

    /// <summary>How many samples there are: all that were given, or as many of the first as memory allows.</summary>
    public int Count { get; }

    /// <param name="graph">The graph whose input the samples are.</param>
    /// <param name="context">Has the samples.</param>
    /// <param name="purpose">What they are for, as the end of "the pass needs sample inputs …".</param>
    /// <exception cref="PassException">There are no samples, or they do not fit the graph.</exception>
    public static SampleValues Of(Graph graph, PassContext context, string purpose)
    {
        ImmutableArray<Tensor> samples = context.RequireCalibration(purpose).Samples;
        if (graph.Inputs is not [{ } input])
            throw new PassException($"The pass needs sample inputs {purpose}, which works for models with one input; this one has {graph.Inputs.Length}.");
        if (samples.FirstOrDefault(s => s.Type != input.Type) is { } other)
            throw new PassException($"The model's input is {input.Type} and a sample is {other.Type}.");
        long elements = Math.Max(1, graph.Nodes.Where(n => !n.Inputs.IsEmpty).Sum(n => (long)n.Output.Shape.Count));
        int count = (int)Math.Clamp(MaxElements / elements, MinSamples, MaxSamples);
        return new SampleValues(input, [.. samples.Take(count)], context.Cancellation);
    }

    /// <summary>One tensor a sample.</summary>
    /// <param name="value">A value that depends on the graph's input and constants alone.</param>
    /// <param name="producer">The node that defines a value; null for the graph's input.</param>
    /// <exception cref="GraphException">A node has no result for its inputs.</exception>
    public Tensor[] Of(Value value, Func<Value, Node?> producer)
    {
        if (_known.TryGetValue(value, out Tensor[]? known))
            return known;
        Node node = producer(value) ?? throw new InvalidOperationException($"{value} is not defined.");
        return _known[value] = Evaluate(node, producer);
    }

    /// <summary>What a node computes, one tensor a sample, without keeping it for the node's value.</summary>
    /// <exception cref="GraphException">A node has no result for its inputs.</exception>
    public Tensor[] Evaluate(Node node, Func<Value, Node?> producer)
    {
        _cancellation.ThrowIfCancellationRequested();
        Tensor[][] inputs = [.. node.Inputs.Select(v => Of(v, producer))];
        Tensor[] results = new Tensor[Count];
        if (inputs.Length == 0)
            Array.Fill(results, FloatInterpreter.Evaluate(node, []));
        else
            Parallel.For(0, Count, i => results[i] = FloatInterpreter.Evaluate(node, [.. inputs.Select(t => t[i])]));
        return results;
    }
}
