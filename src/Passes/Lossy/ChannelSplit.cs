using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// Applies a function to some channels only: a permutation brings them to the front, where they lie densely; the function
/// applies to that part; the rest is joined behind it, and the inverse permutation follows. Where the channels are the
/// first ones there is nothing to permute.
/// </summary>
internal sealed class ChannelSplit(Node node, int axis, GraphRewriter graph)
{
    private Shape Shape => node.Output.Shape;

    /// <summary>The node with its function on the kept channels, which are some but not all.</summary>
    /// <param name="kept">Channels in ascending order.</param>
    public Value Apply(ImmutableArray<int> kept)
    {
        int channels = Shape[axis];
        int[] order = [.. kept, .. Enumerable.Range(0, channels).Except(kept)];
        bool inOrder = order.Select((c, i) => c == i).All(same => same);
        string name = node.Output.Name;
        Value x = inOrder ? node.Inputs[0] : Permute(node.Inputs[0], order, $"{name}.order");
        Value active = graph.Add(node.Operation, [Part(x, 0, kept.Length, $"{name}.kept"), .. node.Inputs.Skip(1)], $"{name}.active", node.Name);
        Value passive = Part(x, kept.Length, channels - kept.Length, $"{name}.rest");
        if (inOrder)
            return graph.Define(node.Output, new Concat(axis), [active, passive], $"{node.Name}.join");
        Value joined = graph.Add(new Concat(axis), [active, passive], $"{name}.join");
        int[] inverse = new int[channels];
        for (int i = 0; i < channels; i++)
            inverse[order[i]] = i;
        return graph.Define(node.Output, new Gather(axis), [joined, Indices(inverse, name)], $"{node.Name}.restore");
    }

    private Value Permute(Value x, int[] order, string name) => graph.Add(new Gather(axis), [x, Indices(order, name)], name);

    private Value Indices(int[] indices, string name) => graph.AddConstant(Tensor.FromInt64([.. indices.Select(i => (long)i)]), $"{name}.indices");

    private Value Part(Value x, int start, int count, string name)
    {
        int[] starts = new int[Shape.Rank], sizes = [.. Shape.Dimensions];
        (starts[axis], sizes[axis]) = (start, count);
        return graph.Add(new Slice(new IntVector(starts), new IntVector(sizes), IntVector.Repeat(1, Shape.Rank)), [x], name);
    }
}
