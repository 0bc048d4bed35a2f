using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>
/// Which channels of a graph may change their number, and which only together. Every convolution and matrix product with a
/// constant weight starts a class of channels; other nodes pass channels on. A node whose inputs cannot change, such as
/// what prepares the image, stays as it is.
/// </summary>
internal sealed class ChannelAnalysis
{
    private readonly Graph _graph;
    private readonly Dictionary<Value, ChannelLayout> _layouts = [];
    private readonly HashSet<Node> _kept = [];

    /// <exception cref="PassException">A node's channels cannot be followed; the message names it.</exception>
    public ChannelAnalysis(Graph graph)
    {
        _graph = graph;
        foreach (Value input in graph.Inputs)
            _layouts[input] = Fixed(input.Shape);
        foreach (Node node in graph.Nodes.Where(n => n.Operation is not Constant))
            _layouts[node.Output] = Follow(node);
        foreach (ChannelRun run in graph.Outputs.Where(_layouts.ContainsKey).SelectMany(v => _layouts[v].Runs))
            Classes.Fix(run.Class);
    }

    public ChannelClasses Classes { get; } = new();

    /// <summary>The channels of a value that is no constant.</summary>
    public ChannelLayout Layout(Value value) => _layouts[value];

    /// <summary>Whether a node stays as it is, parameters included.</summary>
    public bool IsKept(Node node) => _kept.Contains(node);

    /// <summary>The size of a value's channel axis under other widths, one for each class.</summary>
    public long Channels(Value value, IReadOnlyList<int> widths) => Layout(value).Runs.Sum(r => (long)widths[Classes.Find(r.Class)] * r.Repeat);

    /// <summary>Whether a convolution has one filter for each channel.</summary>
    public static bool IsDepthwise(Conv conv, Node node) => conv.Groups > 1 && conv.Groups == node.Inputs[0].Shape[1] && conv.Groups == node.Output.Shape[1];

    /// <summary>The axis of a constant operand along which it has an element a channel of a value, or −1 where it has the same for all.</summary>
    public int ChannelAxis(Shape constant, Value data)
    {
        int axis = Layout(data).Axis - (data.Shape.Rank - constant.Rank);
        return axis >= 0 && axis < constant.Rank && constant[axis] > 1 ? axis : -1;
    }

    private ChannelLayout Follow(Node node)
    {
        bool starts = node.Operation is Conv or MatMul;
        if (!starts && node.Inputs.All(v => IsConstant(v) || _layouts[v].Runs.All(r => Classes.IsFixed(r.Class))))
            return Kept(node);
        if (node.Output.Type.Element != ElementType.Float32)
            throw Refuse(node, "its result is not single precision");
        return starts ? Linear(node) : Passed(node);
    }

    private ChannelLayout Kept(Node node)
    {
        _kept.Add(node);
        return Fixed(node.Output.Shape);
    }

    private ChannelLayout Linear(Node node)
    {
        if (!IsConstant(node.Inputs[1]))
            throw Refuse(node, "its weight is no constant");
        ChannelLayout input = Second(node);
        if (node.Operation is Conv { Groups: > 1 } conv)
            return IsDepthwise(conv, node) ? input : throw Refuse(node, $"it has {conv.Groups} groups");
        if (node.Operation is MatMul && (node.Inputs[0].Shape.Rank != 2 || node.Inputs[1].Shape.Rank != 2))
            throw Refuse(node, "its operands are not matrices");
        return new ChannelLayout(1, [new ChannelRun(Classes.Add(node.Output.Shape[1]), 1)]);
    }

    private ChannelLayout Passed(Node node) => node.Operation switch
    {
        BatchNormalization or PRelu when !node.Inputs.Skip(1).All(IsConstant) => throw Refuse(node, "its parameters are no constants"),
        BatchNormalization or MaxPool or AveragePool or LocalResponseNormalization => Second(node),
        PRelu or Relu or Clip or Identity or Dropout or ElementwiseFunction or Unary or Softmax or LogSoftmax => Input(node, 0),
        Reduce reduce => Reduced(node, reduce),
        Pad pad => Unless(node, pad.Pads[Input(node, 0).Axis] != 0 || pad.Pads[(pad.Pads.Count / 2) + Input(node, 0).Axis] != 0),
        Slice slice => Unless(node, slice.Steps[Input(node, 0).Axis] != 1 || slice.Sizes[Input(node, 0).Axis] != node.Inputs[0].Shape[Input(node, 0).Axis]),
        Concat concat => Joined(node, concat.Axis),
        Transpose transpose => Input(node, 0) with { Axis = transpose.Permutation.ToList().IndexOf(Input(node, 0).Axis) },
        Reshape => Reshaped(node),
        Binary binary => Combined(node, binary),
        _ => throw Refuse(node, "channels cannot be followed through it"),
    };

    private ChannelLayout Unless(Node node, bool changes) => changes ? throw Refuse(node, "it changes the channels") : Input(node, 0);

    private ChannelLayout Reduced(Node node, Reduce reduce)
    {
        ChannelLayout input = Input(node, 0);
        if (reduce.Axes.Contains(input.Axis))
            throw Refuse(node, "it combines channels");
        return reduce.KeepDimensions ? input : input with { Axis = input.Axis - reduce.Axes.Count(axis => axis < input.Axis) };
    }

    private ChannelLayout Joined(Node node, int axis)
    {
        ChannelLayout[] inputs = [.. Enumerable.Range(0, node.Inputs.Length).Select(i => Input(node, i))];
        return inputs.All(i => i.Axis == axis)
            ? new ChannelLayout(axis, [.. inputs.SelectMany(i => i.Runs)])
            : throw Refuse(node, "it joins along another axis than the channels'");
    }

    /// <summary>A reshape keeps the channels as an axis, or flattens, which repeats each channel for each pixel.</summary>
    private ChannelLayout Reshaped(Node node)
    {
        (Shape from, Shape to, ChannelLayout input) = (node.Inputs[0].Shape, node.Output.Shape, Input(node, 0));
        int before = from.Dimensions.Take(input.Axis).Aggregate(1, (a, b) => a * b);
        int axis = Enumerable.Range(0, to.Rank)
            .Where(t => to[t] == from[input.Axis] && to.Dimensions.Take(t).Aggregate(1, (a, b) => a * b) == before)
            .OrderByDescending(t => t == input.Axis).FirstOrDefault(-1);
        if (axis >= 0)
            return input with { Axis = axis };
        if (input.Axis == 0 || to.Rank != 2 || from[0] != to[0])
            throw Refuse(node, "it mixes channels and pixels");
        int pixels = to[1] / from[input.Axis];
        return new ChannelLayout(1, [.. input.Runs.Select(r => r with { Repeat = r.Repeat * pixels })]);
    }

    private ChannelLayout Combined(Node node, Binary binary)
    {
        int constant = node.Inputs.ToList().FindIndex(IsConstant);
        if (constant < 0)
            return Tied(node);
        (Shape operand, Value data) = (node.Inputs[constant].Shape, node.Inputs[1 - constant]);
        if (operand.Rank > data.Shape.Rank)
            throw Refuse(node, "its constant has more axes than its input");
        if (ChannelAxis(operand, data) >= 0 && binary.Kind is not (BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div))
            throw Refuse(node, "its constant has no neutral value");
        return Input(node, 1 - constant);
    }

    private ChannelLayout Tied(Node node)
    {
        (ChannelLayout a, ChannelLayout b) = (Input(node, 0), Input(node, 1));
        bool fits = node.Inputs[0].Shape.Rank == node.Inputs[1].Shape.Rank && a.Axis == b.Axis && a.Runs.Length == b.Runs.Length;
        for (int i = 0; fits && i < a.Runs.Length; i++)
            fits = a.Runs[i].Repeat == b.Runs[i].Repeat && Classes.Tie(a.Runs[i].Class, b.Runs[i].Class);
        return fits ? a : throw Refuse(node, "its two inputs are made of differently joined channels");
    }

    /// <summary>The channels of a node's first input, which have to lie along the second axis.</summary>
    private ChannelLayout Second(Node node)
    {
        ChannelLayout input = Input(node, 0);
        return input.Axis == 1 ? input : throw Refuse(node, $"its channels lie along axis {input.Axis}");
    }

    private ChannelLayout Input(Node node, int index)
        => _layouts.TryGetValue(node.Inputs[index], out ChannelLayout layout) ? layout : throw Refuse(node, $"input {index} is a constant");

    private ChannelLayout Fixed(Shape shape)
    {
        int axis = Math.Min(1, Math.Max(0, shape.Rank - 1));
        ChannelRun run = new(Classes.Add(shape.Rank == 0 ? 1 : shape[axis]), 1);
        Classes.Fix(run.Class);
        return new ChannelLayout(axis, [run]);
    }

    private bool IsConstant(Value value) => _graph.ConstantOf(value) != null;

    private static PassException Refuse(Node node, string reason) => new(
        $"relu-balance cannot change the widths around node '{node.Name}' ({node.Operation.Name}): {reason}. It takes networks of convolutions (one group, or "
        + "depthwise), fully connected layers, batch normalisation, activations, pooling, additions and concatenations of channels.");
}
