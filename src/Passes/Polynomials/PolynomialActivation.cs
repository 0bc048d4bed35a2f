using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Calibration;
using PrivateInference.Passes.Lossy;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Polynomials;

/// <summary>
/// f(x) → Σ c_k·x^k for an activation f, on all channels of a layer or on the least important ones (Lou et al., "SAFENet",
/// section 3), with coefficients by least squares, real or as integers of few bits (Diaa et al., "Fast and Private Inference
/// of Deep Neural Networks by Co-designing Activation Functions", section 5.1). Degree 0 is SAFENet's pruning, with the
/// constant that fits best in the place of zero. Layers go in order, each fitted to what the rewritten ones before it give.
/// </summary>
public sealed class PolynomialActivation(PassArguments arguments) : Pass
{
    /// <summary>How much the whole layer's points count in a channel's own fit, as a part of the channel's.</summary>
    private const double LayerShare = 0.01;

    /// <summary>The part of a layer's inputs on samples that may lie outside of the interval without more than a note.</summary>
    private const double WorthAWarning = 0.001;

    private const int MaxBits = 24;

    private static readonly PassParameter DegreeParameter = new(
        "degree", $"Of the polynomials, 0 (a constant prunes the channel) to {Polynomial.MaxDegree}.", "2");

    private static readonly PassParameter RatioParameter = new("ratio", "The part of each layer's channels that gets polynomials, 0 to 1.", "1");

    private static readonly PassParameter ChooseParameter = new(
        "choose", "Which channels first: the least important by their weights' L1 norm, or those with the least error on sample inputs: importance or error.", "importance");

    private static readonly PassParameter RangeParameter = new(
        "range", "What polynomials are fitted on: 'samples' for what sample inputs give, or an interval such as -5..5.", "samples");

    private static readonly PassParameter PerParameter = new(
        "per", "Whether a layer has one polynomial or each channel its own, which takes samples: layer or channel.", "channel");

    private static readonly PassParameter BitsParameter = new(
        "bits", $"Coefficients are integers of at most 2^(bits - 1) over 2^bits, 2 to {MaxBits}; 0: real numbers.", "0");

    private readonly int _degree = InRange(arguments.Integer(DegreeParameter, minimum: 0), DegreeParameter, Polynomial.MaxDegree);
    private readonly double _ratio = arguments.Number(RatioParameter, 0, 1);
    private readonly bool _byError = arguments.Choice(ChooseParameter, "importance", "error") == "error";
    private readonly FitRange? _range = arguments.Text(RangeParameter) == "samples" ? null : FitRange.Parse(arguments.Text(RangeParameter));
    private readonly bool _perChannel = arguments.Choice(PerParameter, "layer", "channel") == "channel";
    private readonly int _bits = InRange(arguments.Integer(BitsParameter, minimum: 0), BitsParameter, MaxBits) is not 1 and var bits
        ? bits
        : throw new PassException($"Parameter '{BitsParameter.Name}' is 0 or at least 2: one bit leaves only -1, 0 and 1 over 2.");
    private readonly LayerSelection _layers = arguments.Layers();

    public override string Name => "polynomial";

    public override string Summary => "Puts polynomials in the place of activations, on all channels or the least important ones.";

    public override PassContract Contract => PassContract.Lossy;

    public override string Paper => "SAFENet, section 3; Fast and Private Inference of Deep Neural Networks by Co-designing Activation Functions, section 5.1";

    public override IReadOnlyList<PassParameter> Parameters =>
        [DegreeParameter, RatioParameter, ChooseParameter, RangeParameter, PerParameter, BitsParameter, LayerSelection.Parameter];

    /// <exception cref="PassException">The selection has no meaning, or sample inputs are needed and missing.</exception>
    public override Graph Run(Graph graph, PassContext context)
    {
        Node[] candidates = [.. graph.Nodes.Where(IsReplaceable)];
        Value[] selected = [.. PooledActivations.Leave(_layers.Of(candidates), _layers, graph, context).Select(n => n.Output)];
        if (selected.Length == 0)
            return graph;
        bool needed = _range is null || (_byError && _ratio < 1);
        SampleValues? samples = needed || context.Calibration is { Samples.IsEmpty: false }
            ? SampleValues.Of(graph, context, "to fit polynomials to, unless range=… gives an interval")
            : null;
        return GraphRewriter.Apply(graph, [new SelectedRule(selected, Replace)], context.Cancellation);

        Value? Replace(Node node, GraphRewriter rewriter)
        {
            int axis = Activations.ChannelAxis(node.Inputs[0], rewriter.Producer), channels = node.Output.Shape[axis];
            int count = (int)Math.Round(_ratio * channels, MidpointRounding.AwayFromZero);
            if (count == 0)
            {
                context.Note($"{node.Name} is left as it is: the ratio gives none of its {channels} channels a polynomial");
                return null;
            }

            Tensor[]? inputs = samples?.Of(node.Inputs[0], rewriter.Producer);
            PolynomialMoments[]? moments = inputs is null ? null : ActivationPoints.Channels(inputs, node.Operation, axis, _degree);
            int[] chosen = count == channels ? [.. Enumerable.Range(0, channels)] : Choose(count, graph.Producer(node.Output)!, axis, moments, graph, context);
            PolynomialFit fit = Fit(node, moments, chosen);
            Report(node, axis, fit, chosen, inputs, context);
            return new ChannelMix(node, axis, rewriter).Write(chosen, fit);
        }
    }

    private static bool IsReplaceable(Node node)
        => Activations.IsActivation(node) && node.Operation is not Polynomial && node.Inputs.Length == 1 && node.Output.Shape.Rank > 1;

    /// <summary>The channels to approximate, ascending.</summary>
    private int[] Choose(int count, Node node, int axis, PolynomialMoments[]? moments, Graph graph, PassContext context)
    {
        double[]? scores = _byError ? null : ChannelImportance.OfWeights(node.Inputs[0], axis, graph);
        if (!_byError && scores is null)
        {
            string chosen = moments is null ? "the first ones" : "those with the least error";
            context.Note($"{node.Name}: no weights lead to its channels one by one; {chosen} get polynomials");
        }

        scores ??= moments is null ? new double[node.Output.Shape[axis]] : [.. moments.Select(m => Error(m, node))];
        return [.. Enumerable.Range(0, scores.Length).OrderBy(c => scores[c]).Take(count).Order()];
    }

    private double Error(PolynomialMoments channel, Node node)
        => channel.RootMeanSquareError(PolynomialFit.Of([RangePoints(node) ?? channel], _bits).Coefficients[0]);

    private PolynomialFit Fit(Node node, PolynomialMoments[]? moments, int[] chosen)
    {
        if (RangePoints(node) is { } points)
            return PolynomialFit.Of([points], _bits);
        PolynomialMoments[] channels = [.. chosen.Select(c => moments![c])];
        PolynomialMoments layer = channels.Aggregate(new PolynomialMoments(_degree), (sum, c) => sum.Plus(c));
        return PolynomialFit.Of(
            _perChannel ? [.. channels.Select(c => c.Plus(layer, LayerShare * c.Count / layer.Count))] : [layer], _bits);
    }

    private PolynomialMoments? RangePoints(Node node) => _range is { } range ? ActivationPoints.On(range, node.Operation, _degree) : null;

    private static void Report(Node node, int axis, PolynomialFit fit, int[] chosen, Tensor[]? inputs, PassContext context)
    {
        double bits = Math.Ceiling(Math.Log2(fit.LargestPower));
        string bound = fit.Degree < 2 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; x^{fit.Degree} reaches {fit.LargestPower:0.###}, {bits} bits above the point, its terms {fit.LargestTerm:0.###}");
        string channels = string.Create(CultureInfo.InvariantCulture, $"{chosen.Length} of {node.Output.Shape[axis]} channels");
        context.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{node.Name}: degree {fit.Degree} for {channels}, fitted on {fit.Range} "
                + $"with a root mean square error of {fit.Error:0.####}{bound}"));
        if (inputs is not null && ActivationPoints.Reach(inputs, axis, chosen, fit.Range) is { Outside: > 0 } reach)
        {
            string advice = reach.Outside < WorthAWarning ? "" : $"; warning: that many change predictions: fit on range={reach.Seen}, or train with a penalty on what leaves {fit.Range}";
            context.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{node.Name}: {reach.Outside:0.###%} of its inputs on samples lie outside of {fit.Range}, "
                    + $"where the polynomial follows no activation; they reach over {reach.Seen}{advice}"));
        }
    }

    private static int InRange(int value, PassParameter parameter, int maximum) => value <= maximum
        ? value
        : throw new PassException(string.Create(CultureInfo.InvariantCulture, $"Parameter '{parameter.Name}' takes an integer of at most {maximum}, not {value}."));
}
