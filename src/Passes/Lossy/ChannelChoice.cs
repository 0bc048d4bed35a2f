using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.IR;

namespace PrivateInference.Passes.Lossy;

/// <summary>Which channels of each layer keep their activation.</summary>
/// <param name="ratio">The part that does.</param>
/// <param name="channels"><c>first</c>, <c>importance</c>, <c>activity</c>, or indices.</param>
/// <param name="wholeModel">Whether the ratio is one of all layers' elements together.</param>
internal sealed class ChannelChoice(double ratio, string channels, bool wholeModel)
{
    /// <summary>The kept channels of each layer, ascending, by the value it defines.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="layers">Activations with their channel axes.</param>
    /// <param name="context">Has the sample inputs.</param>
    /// <exception cref="PassException">Sample inputs are missing, or a given channel does not exist.</exception>
    public IReadOnlyDictionary<Value, ImmutableArray<int>> Of(Graph graph, IReadOnlyDictionary<Node, int> layers, PassContext context)
    {
        Dictionary<Value, double[]>? activity = channels == "activity"
            ? ChannelActivity.Measure(graph, layers, context.RequireCalibration("to measure what activations change"), context.Cancellation)
            : null;
        Func<Node, int, double[]> scores = channels switch
        {
            "first" when wholeModel => throw new PassException("scope=model ranks channels of different layers: choose channels=importance or channels=activity."),
            "first" => (node, axis) => First(node.Output.Shape[axis]),
            "importance" => (node, axis) => Importance(node, axis, graph, context),
            "activity" => (node, _) => activity![node.Output],
            _ => (node, axis) => Given(node, node.Output.Shape[axis]),
        };
        Dictionary<Node, double[]> ranked = layers.ToDictionary(l => l.Key, l => scores(l.Key, l.Value));
        if (wholeModel)
            return OfModel(ranked);
        return ranked.ToDictionary(l => l.Key.Output, l => IsGiven ? Best(l.Value, l.Value.Count(s => s > 0)) : Best(l.Value, Count(l.Value.Length)));
    }

    private bool IsGiven => channels is not ("first" or "importance" or "activity");

    private int Count(int all) => (int)Math.Round(ratio * all, MidpointRounding.AwayFromZero);

    private static ImmutableArray<int> Best(double[] scores, int count)
        => [.. Enumerable.Range(0, scores.Length).OrderByDescending(c => scores[c]).ThenBy(c => c).Take(count).Order()];

    private static double[] First(int count) => [.. Enumerable.Range(0, count).Select(c => (double)-c)];

    private static double[] Importance(Node node, int axis, Graph graph, PassContext context)
    {
        if (ChannelImportance.OfWeights(node.Inputs[0], axis, graph) is { } importance)
            return importance;
        context.Note($"{node.Name}: no weights lead to its channels one by one; the first ones are kept");
        return First(node.Output.Shape[axis]);
    }

    /// <summary>Channels of all layers compete by their score relative to their layer's mean; each costs its elements.</summary>
    private Dictionary<Value, ImmutableArray<int>> OfModel(Dictionary<Node, double[]> ranked)
    {
        long left = (long)(ratio * ranked.Keys.Sum(n => (long)n.Output.Shape.Count));
        Dictionary<Value, List<int>> kept = ranked.Keys.ToDictionary(n => n.Output, _ => new List<int>());
        var candidates = ranked
            .SelectMany(l => l.Value.Select((score, channel) => (Layer: l.Key.Output, Channel: channel, Score: Relative(score, l.Value), Cost: l.Key.Output.Shape.Count / l.Value.Length)))
            .OrderByDescending(c => c.Score);
        foreach ((Value layer, int channel, _, int cost) in candidates)
        {
            if (cost > left)
                continue;
            kept[layer].Add(channel);
            left -= cost;
        }

        return kept.ToDictionary(k => k.Key, k => k.Value.Order().ToImmutableArray());
    }

    private static double Relative(double score, double[] layer) => layer.Average() is > 0 and double mean ? score / mean : score;

    private double[] Given(Node node, int count)
    {
        double[] scores = new double[count];
        foreach (string item in channels.Split('+'))
        {
            string[] ends = item.Split("..");
            if (ends.Length > 2 || !Index(ends[0], out int first) || !Index(ends[^1], out int last) || first > last)
                throw new PassException($"Parameter 'channels' takes first, importance, activity, or indices such as 0..3+7, not '{channels}'.");
            if (last >= count)
                throw new PassException($"'{node.Name}' has {count} channels and no channel {last}.");
            scores.AsSpan(first, last - first + 1).Fill(1);
        }

        return scores;
    }

    private static bool Index(string text, out int index) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
