using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>
/// The widths that give every ReLU layer the same number of ReLUs, C·H·W = K (Ghodsi et al. 2020, Lemma 3.1: channels
/// grow by α² where the resolution shrinks by α).
/// </summary>
/// <remarks>
/// K is a whole number of channels at the highest resolution (Algorithm 1, line 9). A class whose ReLUs see several
/// resolutions is decided by the highest, so that no layer exceeds K. Layers without ReLU keep their proportion to the
/// ReLU layers of their resolution. Layers without pixels, such as fully connected ones, keep their widths: the lemma speaks
/// of convolutions.
/// </remarks>
internal sealed class BalancedWidths
{
    private readonly Graph _graph;
    private readonly ChannelAnalysis _channels;
    private readonly int _maxChannels;

    /// <summary>Pixels of the largest ReLU layer of each class, 0 for none.</summary>
    private readonly int[] _activePixels;

    /// <summary>Pixels at which each class starts.</summary>
    private readonly int[] _homePixels;

    public BalancedWidths(Graph graph, ChannelAnalysis channels, int maxChannels)
    {
        (_graph, _channels, _maxChannels) = (graph, channels, maxChannels);
        _activePixels = new int[channels.Classes.Count];
        _homePixels = new int[channels.Classes.Count];
        Original = [.. Enumerable.Range(0, channels.Classes.Count).Select(channels.Classes.Width)];
        foreach (Node node in graph.Nodes.Where(n => n.Operation is not Constant))
        {
            ChannelLayout layout = channels.Layout(node.Output);
            foreach (ChannelRun run in layout.Runs)
                Visit(node, channels.Classes.Find(run.Class), run.Repeat * Pixels(node.Output.Shape, layout.Axis));
        }
    }

    /// <summary>The widths of the model itself, one for each class.</summary>
    public ImmutableArray<int> Original { get; }

    /// <summary>The largest widths, one for each class, with which the network stays within the budget.</summary>
    /// <exception cref="PassException">No layer may change, or the budget is too small for any width.</exception>
    public int[] Largest(long budget)
    {
        int pixels = Enumerable.Range(0, _activePixels.Length).Where(IsBalanced).Select(c => _activePixels[c]).DefaultIfEmpty().Max();
        if (pixels == 0)
            throw new PassException("relu-balance finds no ReLU layer whose width may change.");
        long least = Decisions(Widths(1, pixels));
        if (least > budget)
            throw new PassException($"A budget of {budget} sign decisions is too small: with one channel at the highest resolution there are {least}.");
        long low = 1, high = (budget / pixels) + 1;
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            (low, high) = Decisions(Widths(middle, pixels)) <= budget ? (middle, high) : (low, middle);
        }

        return Widths(low, pixels);
    }

    /// <summary>The sign decisions of a node under other widths.</summary>
    public long Decisions(Node node, IReadOnlyList<int> widths)
    {
        long decisions = SignDecisions.Count(node);
        return decisions == 0 ? 0 : decisions / _channels.Channels(node.Output, Original) * _channels.Channels(node.Output, widths);
    }

    private long Decisions(int[] widths) => _graph.Nodes.Sum(n => Decisions(n, widths));

    private bool IsBalanced(int index) => _channels.Classes.Find(index) == index && !_channels.Classes.IsFixed(index) && _activePixels[index] > 1;

    private bool IsLinear(int index)
        => _channels.Classes.Find(index) == index && !_channels.Classes.IsFixed(index) && _activePixels[index] == 0 && _homePixels[index] > 1;

    private void Visit(Node node, int index, int pixels)
    {
        if (_homePixels[index] == 0)
            _homePixels[index] = pixels;
        if (node.Operation is not MaxPool && SignDecisions.Count(node) > 0)
            _activePixels[index] = Math.Max(_activePixels[index], pixels);
    }

    /// <summary>The widths for a number of channels at the highest resolution.</summary>
    private int[] Widths(long channels, int highestPixels)
    {
        int[] widths = [.. Original];
        Dictionary<int, (long Before, long After)> sums = [];
        foreach (int index in Enumerable.Range(0, widths.Length).Where(IsBalanced))
        {
            int pixels = _activePixels[index], before = widths[index];
            widths[index] = (int)Math.Clamp(channels * highestPixels / pixels, 1, _maxChannels);
            (long Before, long After) sum = sums.GetValueOrDefault(pixels);
            sums[pixels] = (sum.Before + before, sum.After + widths[index]);
        }

        foreach (int index in Enumerable.Range(0, widths.Length).Where(IsLinear))
        {
            if (sums.TryGetValue(_homePixels[index], out (long Before, long After) sum))
                widths[index] = (int)Math.Clamp(Math.Round((double)widths[index] * sum.After / sum.Before), 1, _maxChannels);
        }

        return widths;
    }

    /// <summary>Elements of a channel of one sample.</summary>
    private static int Pixels(Shape shape, int axis)
        => shape.Dimensions.Where((_, i) => i != 0 && i != axis).Aggregate(1, (pixels, size) => pixels * size);
}
