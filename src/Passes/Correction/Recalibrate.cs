using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Calibration;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Correction;

/// <summary>
/// Recovers part of what lossy passes lose, without training and at no secure cost: each linear layer's weights take the
/// scale and its bias the offset that bring each output channel nearest, by least squares on sample inputs, to the same
/// value of the model before the first pass. Layers go in order, so that each is fitted to what the corrected ones before it
/// give. A layer is matched with the original's by the name of its value; one without a partner is left.
/// </summary>
public sealed class Recalibrate(PassArguments arguments) : Pass
{
    /// <summary>A layer nearer than this to the original, in parts of its spread, has nothing to correct but rounding.</summary>
    private const double Negligible = 1e-8;

    private static readonly PassParameter FitParameter = new(
        "fit", "What is fitted to each channel: bias, or bias and scale: bias or bias-scale.", "bias-scale");

    private readonly bool _withScale = arguments.Choice(FitParameter, "bias", "bias-scale") == "bias-scale";
    private readonly LayerSelection _layers = arguments.Layers();

    public override string Name => "recalibrate";

    public override string Summary => "Corrects linear layers after lossy passes: scale and bias of each channel, fitted to the original model on sample inputs.";

    public override PassContract Contract => PassContract.Lossy;

    public override IReadOnlyList<PassParameter> Parameters => [FitParameter, LayerSelection.Parameter];

    /// <exception cref="PassException">The selection has no meaning, or there are no sample inputs.</exception>
    public override Graph Run(Graph graph, PassContext context)
    {
        if (context.Original is not { } original || ReferenceEquals(original, graph))
        {
            context.Note("nothing to correct: no pass has changed the model");
            return graph;
        }

        Value[] selected = [.. _layers.Of([.. graph.Nodes.Where(n => LinearLayers.IsLayer(n, graph))]).Select(n => n.Output)];
        if (selected.Length == 0)
            return graph;
        const string Purpose = "to compare the model with its original on";
        SampleValues actual = SampleValues.Of(graph, context, Purpose), wanted = SampleValues.Of(original, context, Purpose);
        Dictionary<string, Value> partners = original.Nodes.Select(n => n.Output).ToDictionary(v => v.Name, StringComparer.Ordinal);
        Graph corrected = GraphRewriter.Apply(graph, [new SelectedRule(selected, Correct)], context.Cancellation);
        return ReferenceEquals(corrected, graph) ? graph : new FoldBatchNorm().Run(corrected, context);

        Value? Correct(Node node, GraphRewriter rewriter)
        {
            if (partners.GetValueOrDefault(node.Output.Name) is { } partner && partner.Type == node.Output.Type)
                return Fit(node, actual.Evaluate(node, rewriter.Producer), wanted.Of(partner, original.Producer), rewriter, context);
            context.Note($"{node.Name} is left as it is: the original has no value '{node.Output.Name}' of its shape");
            return null;
        }
    }

    private Value? Fit(Node node, Tensor[] actual, Tensor[] wanted, GraphRewriter graph, PassContext context)
    {
        int axis = LinearLayers.ChannelAxis(node);
        ChannelFit[] channels = ChannelFit.Observe(actual, wanted, axis);
        double spread = channels.Sum(c => c.Spread), before = channels.Sum(c => c.Error);
        if (before <= Negligible * spread)
            return null;
        (double Scale, double Offset)[] solved = Array.ConvertAll(channels, c => c.Solve(_withScale));
        double after = channels.Zip(solved, (c, s) => c.ErrorAfter(s.Scale, s.Offset)).Sum();
        context.Note(string.Create(
            CultureInfo.InvariantCulture, $"{node.Name}: error {Relative(before, spread):0.0%} of the original's deviation, {Relative(after, spread):0.0%} when corrected"));
        return Write(node, axis, solved, graph);
    }

    /// <summary>layer·a + b, which folds into the layer.</summary>
    private static Value Write(Node node, int axis, (double Scale, double Offset)[] channels, GraphRewriter graph)
    {
        Value raw = graph.Add(node.Operation, node.Inputs, $"{node.Output.Name}.uncorrected", node.Name);
        Value scaled = graph.Add(new Binary(BinaryKind.Mul), [raw, PerChannel(channels.Select(c => c.Scale), "scale")], $"{node.Output.Name}.scaled");
        return graph.Define(node.Output, new Binary(BinaryKind.Add), [scaled, PerChannel(channels.Select(c => c.Offset), "offset")], node.Name);

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
