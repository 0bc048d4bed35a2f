using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.IR;

namespace PrivateInference.Passes.Correction;

/// <summary>
/// Recovers part of what lossy passes lose, without training and at no secure cost: each linear layer's weights take the
/// scale and its bias the offset that bring each output channel nearest, by least squares on sample inputs, to the same
/// value of the model before the first pass. Layers go in order, so that each is fitted to what the corrected ones before it
/// give. A layer is matched with the original's by the name of its value; one without a partner is left.
/// </summary>
/// <remarks>
/// A layer can come nearer to the original's while the model's output does not: least squares shrinks what it cannot
/// explain. So the correction of all layers, that of the last alone and none are compared by the outputs' mean squared
/// error, and the best stays. Polynomials are fitted to the inputs that they get: run this pass after each that changes some layers rather than
/// once after all.
/// </remarks>
public sealed class Recalibrate(PassArguments arguments) : Pass
{
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

        ImmutableArray<Node> layers = _layers.Of(Partners(graph, original, context));
        if (layers.IsEmpty)
            return graph;
        LayerCorrection correction = new(graph, original, _withScale, context);
        (Graph Graph, IReadOnlyList<string> Notes)[] candidates = [(graph, []), correction.Of(layers), correction.Of([layers[^1]])];
        double[] errors = Array.ConvertAll(candidates, c => correction.OutputError(c.Graph));
        int best = Array.IndexOf(errors, errors.Min());
        foreach (string note in candidates[best].Notes)
            context.Note(note);
        context.Note(best == 0
            ? "left as it is: no correction brings the outputs nearer to the original's"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"outputs: error {errors[0]:0.0%} of the original's deviation, {errors[best]:0.0%} when corrected"));
        return candidates[best].Graph;
    }

    /// <summary>The linear layers whose value the original has too.</summary>
    private static Node[] Partners(Graph graph, Graph original, PassContext context)
    {
        Dictionary<string, TensorType> names = original.Nodes.ToDictionary(n => n.Output.Name, n => n.Output.Type, StringComparer.Ordinal);
        ILookup<bool, Node> layers = graph.Nodes
            .Where(n => LinearLayers.IsLayer(n, graph))
            .ToLookup(n => names.GetValueOrDefault(n.Output.Name) == n.Output.Type);
        string unmatched = string.Join(", ", layers[false].Select(n => n.Output.Name));
        if (unmatched.Length > 0)
            context.Note($"left as they are, as the original has no values of these names: {unmatched}");
        return [.. layers[true]];
    }
}
