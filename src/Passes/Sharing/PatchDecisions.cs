using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Sharing;

/// <summary>One decision a patch. Patches are the same in every channel, so all is done axis by axis on N×C×patches.</summary>
internal sealed class PatchDecisions(SharedLayer layer) : ISharedDecisions
{
    private PatchGrid Grid => layer.Grid;

    public long Count => (long)layer.Batch * layer.Channels * Grid.PatchCount;

    public long WeightCount => layer.Decider == DecidingValue.Weights ? (long)layer.Channels * Grid.PatchSize : 0;

    public Value WriteDeciders() => layer.Decider switch
    {
        DecidingValue.Middle => Enumerable.Range(0, Grid.Plane.Length).Aggregate(layer.Input, WriteMiddles),
        DecidingValue.Mean => layer.Graph.Add(new AveragePool(Window(), CountIncludePad: true), [layer.Input], layer.Part("decider")),
        DecidingValue.Weights => layer.Graph.Add(new Conv(Window(), layer.Channels), [layer.Input, Weights()], layer.Part("decider")),
        _ => throw new InvalidOperationException($"Unknown deciding value {layer.Decider}."),
    };

    public Value WriteExpansion(Value decisions)
    {
        for (int axis = 0; axis < Grid.Plane.Length; axis++)
        {
            if (Grid.Patch[axis] == 1)
                continue;
            Value patches = layer.Indices(Grid.PatchOf(axis), "patches");
            decisions = layer.Graph.Add(new Gather(axis + 2), [decisions, patches], layer.Part("shared"));
        }

        return decisions;
    }

    /// <summary>The middles along one axis: a strided slice where they are evenly spaced, which every backend has cheaply.</summary>
    private Value WriteMiddles(Value x, int axis)
    {
        int[] middles = Grid.Middles(axis);
        if (Grid.Patch[axis] == 1)
            return x;
        if (middles.Where((m, i) => m != middles[0] + (i * Grid.Patch[axis])).Any())
            return layer.Graph.Add(new Gather(axis + 2), [x, layer.Indices(middles, "middles")], layer.Part("decider"));
        int rank = x.Shape.Rank;
        int[] starts = new int[rank], sizes = [.. x.Shape.Dimensions], steps = [.. IntVector.Repeat(1, rank)];
        (starts[axis + 2], sizes[axis + 2], steps[axis + 2]) = (middles[0], middles.Length, middles.Length == 1 ? 1 : Grid.Patch[axis]);
        return layer.Graph.Add(new Slice(new IntVector(starts), new IntVector(sizes), new IntVector(steps)), [x], layer.Part("decider"));
    }

    /// <summary>Patches side by side; what the last lack is padded with zeros, which change no sign.</summary>
    private SpatialWindow Window()
    {
        IntVector patch = new(Grid.Patch.AsSpan());
        IEnumerable<int> missing = Grid.Counts.Select((count, axis) => (count * Grid.Patch[axis]) - Grid.Plane[axis]);
        return new SpatialWindow(patch, patch, IntVector.Repeat(1, patch.Count), new IntVector([.. Grid.Plane.Select(_ => 0), .. missing]));
    }

    /// <summary>One weight vector a channel, used by all its patches, as fewer weights need fewer samples.</summary>
    private Value Weights()
    {
        int[][] windows = Grid.Windows();
        double[][] weights = SharedLayer.ForEachChannel(
            layer.Samples(), (channel, _) => DecisionWeights.Fit([.. windows.SelectMany(channel.Rows)]));
        Shape shape = new([layer.Channels, 1, .. Grid.Patch]);
        return layer.Graph.AddConstant(Tensor.FromFloats(shape, [.. weights.SelectMany(w => w).Select(w => (float)w)]), layer.Part("weights"));
    }
}
