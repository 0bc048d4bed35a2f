using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>
/// Which channels of a graph may change their number, and which only together. Every convolution and matrix product with a
/// constant weight starts a class of channels; other nodes pass the channels of axis 1 on.
/// </summary>
internal sealed class ChannelAnalysis
{
    private readonly Graph _graph;
    private readonly Dictionary<Value, ImmutableArray<ChannelRun>> _layouts = [];

    /// <exception cref="PassException">A node's channels cannot be followed; the message names it.</exception>
    public ChannelAnalysis(Graph graph)
    {
        _graph = graph;
        foreach (Value input in graph.Inputs.Where(v => v.Shape.Rank >= 2))
            _layouts[input] = [Fixed(input.Shape[1])];
        foreach (Node node in graph.Nodes.Where(n => n.Operation is not Constant))
            _layouts[node.Output] = Follow(node);
        foreach (ChannelRun run in graph.Outputs.Where(_layouts.ContainsKey).SelectMany(v => _layouts[v]))
            Classes.Fix(run.Class);
    }

    public ChannelClasses Classes { get; } = new();

    /// <summary>The channels along axis 1 of a value that is no constant.</summary>
    public ImmutableArray<ChannelRun> Layout(Value value) => _layouts[value];

    /// <summary>The size of axis 1 under other widths, one for each class.</summary>
    public long Channels(Value value, IReadOnlyList<int> widths) => Layout(value).Sum(r => (long)widths[Classes.Find(r.Class)] * r.Repeat);

    /// <summary>Whether a convolution has one filter for each channel.</summary>
    public static bool IsDepthwise(Conv conv, Node node) => conv.Groups > 1 && conv.Groups == node.Inputs[0].Shape[1] && conv.Groups == node.Output.Shape[1];

    /// <summary>The axis of a constant operand along which it has an element a channel, or −1 where it has the same for all.</summary>
    public static int ChannelAxis(Shape constant, Shape data)
    {
        int axis = 1 - (data.Rank - constant.Rank);
        return axis >= 0 && axis < constant.Rank && constant[axis] > 1 ? axis : -1;
    }

    private ImmutableArray<ChannelRun> Follow(Node node)
    {
        if (node.Output.Type.Element != ElementType.Float32)
            throw Refuse(node, "its result is not single precision");
        return node.Operation switch
        {
            Conv conv when IsConstant(node.Inputs[1]) => Convolution(node, conv),
            MatMul when node.Inputs[0].Shape.Rank == 2 && node.Inputs[1].Shape.Rank == 2 && IsConstant(node.Inputs[1]) => Started(node),
            Conv or MatMul => throw Refuse(node, "its weight is no constant"),
            BatchNormalization or PRelu when !node.Inputs.Skip(1).All(IsConstant) => throw Refuse(node, "its parameters are no constants"),
            BatchNormalization or PRelu or Relu or Clip or Identity or Dropout or ElementwiseFunction or Unary or MaxPool or AveragePool => Input(node, 0),
            Reduce reduce when reduce.Axes.All(axis => axis > 1) => Input(node, 0),
            Softmax { Axis: 1 } or LogSoftmax { Axis: 1 } => Input(node, 0),
            Pad pad when KeepsLeading(axis => pad.Pads[axis] == 0 && pad.Pads[pad.Pads.Count / 2 + axis] == 0) => Input(node, 0),
            Slice slice when KeepsLeading(axis => slice.Steps[axis] == 1 && slice.Sizes[axis] == node.Inputs[0].Shape[axis]) => Input(node, 0),
            Pad or Slice => throw Refuse(node, "it changes the channels"),
            Concat { Axis: 1 } => [.. Enumerable.Range(0, node.Inputs.Length).SelectMany(i => Input(node, i))],
            Reshape => Reshaped(node),
            Binary binary => Combined(node, binary),
            _ => throw Refuse(node, "channels cannot be followed through it"),
        };

        static bool KeepsLeading(Func<int, bool> keeps) => keeps(0) && keeps(1);
    }

    private ImmutableArray<ChannelRun> Convolution(Node node, Conv conv)
    {
        if (conv.Groups == 1)
            return Started(node);
        return IsDepthwise(conv, node) ? Input(node, 0) : throw Refuse(node, $"it has {conv.Groups} groups");
    }

    private ImmutableArray<ChannelRun> Started(Node node)
    {
        _ = Input(node, 0);
        return [new ChannelRun(Classes.Add(node.Output.Shape[1]), 1)];
    }

    /// <summary>Flattening repeats each channel for each pixel; other reshapes have to keep axis 1.</summary>
    private ImmutableArray<ChannelRun> Reshaped(Node node)
    {
        (Shape from, Shape to) = (node.Inputs[0].Shape, node.Output.Shape);
        if (from.Rank < 2 || to.Rank < 2 || from[0] != to[0] || (to.Rank != 2 && to[1] != from[1]))
            throw Refuse(node, "it mixes channels and pixels");
        int pixels = to[1] / Math.Max(1, from[1]);
        return [.. Input(node, 0).Select(r => r with { Repeat = r.Repeat * pixels })];
    }

    private ImmutableArray<ChannelRun> Combined(Node node, Binary binary)
    {
        bool[] constant = [.. node.Inputs.Select(IsConstant)];
        if (!constant[0] && !constant[1])
            return Tied(node);
        int data = constant[0] ? 1 : 0;
        (Shape operand, Shape shape) = (node.Inputs[1 - data].Shape, node.Inputs[data].Shape);
        if (operand.Rank > shape.Rank)
            throw Refuse(node, "its constant has more axes than its input");
        if (ChannelAxis(operand, shape) >= 0 && binary.Kind is not (BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div))
            throw Refuse(node, "its constant has no neutral value");
        return Input(node, data);
    }

    private ImmutableArray<ChannelRun> Tied(Node node)
    {
        (ImmutableArray<ChannelRun> a, ImmutableArray<ChannelRun> b) = (Input(node, 0), Input(node, 1));
        bool fits = node.Inputs[0].Shape[1] == node.Inputs[1].Shape[1] && node.Inputs[0].Shape.Rank == node.Inputs[1].Shape.Rank && a.Length == b.Length;
        for (int i = 0; fits && i < a.Length; i++)
            fits = a[i].Repeat == b[i].Repeat && Classes.Tie(a[i].Class, b[i].Class);
        return fits ? a : throw Refuse(node, "its two inputs are made of differently joined channels");
    }

    private ImmutableArray<ChannelRun> Input(Node node, int index)
        => _layouts.TryGetValue(node.Inputs[index], out ImmutableArray<ChannelRun> layout) ? layout : throw Refuse(node, $"input {index} is a constant or has no channels");

    private ChannelRun Fixed(int width)
    {
        ChannelRun run = new(Classes.Add(width), 1);
        Classes.Fix(run.Class);
        return run;
    }

    private bool IsConstant(Value value) => _graph.ConstantOf(value) != null;

    private static PassException Refuse(Node node, string reason) => new(
        $"relu-balance cannot change the widths around node '{node.Name}' ({node.Operation.Name}): {reason}. It takes networks of convolutions (one group, or "
        + "depthwise), fully connected layers, batch normalisation, activations, pooling, additions and concatenations of channels.");
}
