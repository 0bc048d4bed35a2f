using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Calibration;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Correction;

/// <summary>Fits linear layers of a graph to the values of the same names in its original.</summary>
internal sealed class LayerCorrection
{
    /// <summary>A layer nearer than this to the original, in parts of its spread, has nothing to correct but rounding.</summary>
    private const double Negligible = 1e-8;

    private const string Purpose = "to compare the model with its original on";

    private readonly Graph _graph;
    private readonly Graph _original;
    private readonly bool _withScale;
    private readonly PassContext _context;
    private readonly SampleValues _wanted;
    private readonly Dictionary<string, Value> _partners;

    /// <param name="graph">The graph to correct.</param>
    /// <param name="original">What it was.</param>
    /// <param name="withScale">Whether scales are fitted too, or offsets alone.</param>
    /// <param name="context">Has the samples.</param>
    /// <exception cref="PassException">There are no samples, or they do not fit the graph.</exception>
    public LayerCorrection(Graph graph, Graph original, bool withScale, PassContext context)
    {
        (_graph, _original, _withScale, _context) = (graph, original, withScale, context);
        _wanted = SampleValues.Of(original, context, Purpose);
        _partners = original.Nodes.Select(n => n.Output).ToDictionary(v => v.Name, StringComparer.Ordinal);
    }

    /// <summary>The graph with some layers corrected, in their order, where they differ from the original; and what to say of each.</summary>
    /// <param name="layers">Linear layers of the graph whose values the original has too.</param>
    public (Graph Graph, IReadOnlyList<string> Notes) Of(IReadOnlyList<Node> layers)
    {
        List<string> notes = [];
        SampleValues actual = SampleValues.Of(_graph, _context, Purpose);
        SelectedRule rule = new(layers.Select(n => n.Output), (node, rewriter) => Correct(node, actual, rewriter, notes));
        Graph corrected = GraphRewriter.Apply(_graph, [rule], _context.Cancellation);
        return (ReferenceEquals(corrected, _graph) ? _graph : new FoldBatchNorm().Run(corrected, _context), notes);
    }

    /// <summary>
    /// How far a graph's outputs are from the original's on the samples: the root of the mean squared error, in parts of their
    /// spread.
    /// </summary>
    public double OutputError(Graph graph)
    {
        SampleValues actual = SampleValues.Of(graph, _context, Purpose);
        (double error, double spread) = (0, 0);
        foreach ((Value output, Value original) in graph.Outputs.Zip(_original.Outputs).Where(o => o.First.Type.IsFloat))
        {
            Tensor[] whole = Array.ConvertAll(actual.Of(output, graph.Producer), AsOneChannel);
            ChannelFit fit = ChannelFit.Observe(whole, Array.ConvertAll(_wanted.Of(original, _original.Producer), AsOneChannel), axis: 0)[0];
            (error, spread) = (error + fit.Error, spread + fit.Spread);
        }

        return Relative(error, spread);

        static Tensor AsOneChannel(Tensor tensor) => tensor.Reshape(new Shape(1, tensor.Shape.Count));
    }

    private Value? Correct(Node node, SampleValues actual, GraphRewriter graph, List<string> notes)
    {
        int axis = LinearLayers.ChannelAxis(node);
        Tensor[] wanted = _wanted.Of(_partners[node.Output.Name], _original.Producer);
        ChannelFit[] channels = ChannelFit.Observe(actual.Evaluate(node, graph.Producer), wanted, axis);
        double spread = channels.Sum(c => c.Spread), before = channels.Sum(c => c.Error);
        if (before <= Negligible * spread)
            return null;
        (double Scale, double Offset)[] solved = Array.ConvertAll(channels, c => c.Solve(_withScale));
        double after = channels.Zip(solved, (c, s) => c.ErrorAfter(s.Scale, s.Offset)).Sum();
        notes.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{node.Name}: error {Relative(before, spread):0.0%} of the original's deviation, {Relative(after, spread):0.0%} when corrected"));
        return Write(node, axis, solved, graph);
    }

    /// <summary>layer·a + b, which folds into the layer.</summary>
    private static Value Write(Node node, int axis, (double Scale, double Offset)[] channels, GraphRewriter graph)
    {
        Value raw = graph.Add(node.Operation, node.Inputs, $"{node.Output.Name}.uncorrected", node.Name);
        Value scale = PerChannel(channels.Select(c => c.Scale), "scale"), offset = PerChannel(channels.Select(c => c.Offset), "offset");
        Value scaled = graph.Add(new Binary(BinaryKind.Mul), [raw, scale], $"{node.Output.Name}.scaled");
        return graph.Define(node.Output, new Binary(BinaryKind.Add), [scaled, offset], node.Name);

        Value PerChannel(IEnumerable<double> elements, string what)
        {
            int[] dimensions = [.. IntVector.Repeat(1, node.Output.Shape.Rank)];
            dimensions[axis] = channels.Length;
            Tensor tensor = Tensor.FromFloats(node.Output.Type.WithShape(new Shape(dimensions)), [.. elements.Select(e => (float)e)]);
            return graph.AddConstant(tensor, $"{node.Output.Name}.{what}");
        }
    }

    private static double Relative(double error, double spread) => Math.Sqrt(Math.Max(0, error) / Math.Max(spread, double.Epsilon));
}
