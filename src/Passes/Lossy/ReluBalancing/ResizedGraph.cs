using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>
/// A graph with other widths and new weights: He-initialised convolutions and products, biases of zero, batch normalisation
/// that does nothing. Names stay.
/// </summary>
internal sealed class ResizedGraph
{
    private readonly Graph _source;
    private readonly ChannelAnalysis _channels;
    private readonly IReadOnlyList<int> _widths;
    private readonly GraphBuilder _builder;
    private readonly WeightInitializer _weights;
    private readonly Dictionary<Value, Value> _values = [];
    private readonly HashSet<Value> _written = [];

    private ResizedGraph(Graph source, ChannelAnalysis channels, IReadOnlyList<int> widths, ulong seed)
    {
        (_source, _channels, _widths) = (source, channels, widths);
        _builder = new GraphBuilder(source.Name);
        _weights = new WeightInitializer(seed);
    }

    /// <param name="source">The graph.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="widths">The width of each class.</param>
    /// <param name="seed">Decides the weights.</param>
    public static Graph Create(Graph source, ChannelAnalysis channels, IReadOnlyList<int> widths, ulong seed)
        => new ResizedGraph(source, channels, widths, seed).Build();

    private Graph Build()
    {
        foreach (Value input in _source.Inputs)
            _values[input] = _builder.Input(input);
        foreach (Node node in _source.Nodes.Where(n => n.Operation is not Constant))
        {
            ImmutableArray<Value> inputs = [.. node.Inputs.Select((v, i) => _values.TryGetValue(v, out Value? value) ? value : Parameter(node, i))];
            _values[node.Output] = _builder.Add(Resized(node), inputs, node.Output.Name, node.Name);
        }

        foreach (Value output in _source.Outputs)
            _builder.Output(_values.TryGetValue(output, out Value? value) ? value : Written(output, _source.ConstantOf(output)!, output.Name));
        return _builder.Build();
    }

    private Operation Resized(Node node)
    {
        if (_channels.IsKept(node))
            return node.Operation;
        (int axis, int channels) = (_channels.Layout(node.Output).Axis, Channels(node.Output));
        return node.Operation switch
        {
            Conv conv when ChannelAnalysis.IsDepthwise(conv, node) => conv with { Groups = channels },
            Reshape reshape => new Reshape(WithSize(reshape.Target, axis, channels)),
            Slice slice => slice with { Sizes = new IntVector(WithSize(new Shape(slice.Sizes.AsSpan()), axis, channels).Dimensions.AsSpan()) },
            Operation other => other,
        };
    }

    /// <summary>The new tensor for a constant operand of a node.</summary>
    private Value Parameter(Node node, int index)
    {
        Value constant = node.Inputs[index];
        string name = _written.Contains(constant) ? $"{constant.Name}/{node.Output.Name}" : constant.Name;
        Tensor tensor = node.Operation switch
        {
            _ when _channels.IsKept(node) => _source.ConstantOf(constant)!,
            Conv when index == 1 => ConvolutionWeight(node, name),
            MatMul => _weights.He(name, new Shape(Channels(node.Inputs[0]), Channels(node.Output)), Channels(node.Inputs[0])),
            Conv => WeightInitializer.Filled(new Shape(Channels(node.Output)), 0),
            BatchNormalization => WeightInitializer.Filled(new Shape(Channels(node.Output)), index is 1 or 4 ? 1 : 0),
            _ => Operand(node, index),
        };
        return Written(constant, tensor, name);
    }

    private Tensor ConvolutionWeight(Node node, string name)
    {
        Shape shape = WithSize(node.Inputs[1].Shape, 0, Channels(node.Output));
        if (node.Inputs[1].Shape[1] == node.Inputs[0].Shape[1])
            shape = WithSize(shape, 1, Channels(node.Inputs[0]));
        return _weights.He(name, shape, shape.Count / shape[0]);
    }

    /// <summary>
    /// A constant of element-wise arithmetic. The bias of a linear layer starts at zero. Another constant is kept where it
    /// still fits, such as the normalisation of the input, and otherwise becomes one that changes nothing.
    /// </summary>
    private Tensor Operand(Node node, int index)
    {
        Tensor tensor = _source.ConstantOf(node.Inputs[index])!;
        Value data = node.Inputs[1 - index];
        int axis = _channels.ChannelAxis(tensor.Shape, data), channels = Channels(data);
        bool bias = node.Operation is Binary { Kind: BinaryKind.Add } && _source.Producer(data)?.Operation is Conv or MatMul;
        if (axis < 0 || (tensor.Shape[axis] == channels && !bias))
            return tensor;
        float neutral = node.Operation switch
        {
            PRelu => 0.25f,
            Binary { Kind: BinaryKind.Mul or BinaryKind.Div } => 1,
            _ => 0,
        };
        return WeightInitializer.Filled(WithSize(tensor.Shape, axis, channels), neutral);
    }

    private Value Written(Value constant, Tensor tensor, string name)
    {
        _written.Add(constant);
        return _builder.Constant(tensor, name);
    }

    private int Channels(Value value) => Shape.Dimension(_channels.Channels(value, _widths));

    private static Shape WithSize(Shape shape, int axis, int size)
    {
        int[] dimensions = shape.Dimensions.AsSpan().ToArray();
        dimensions[axis] = size;
        return new Shape(dimensions);
    }
}
