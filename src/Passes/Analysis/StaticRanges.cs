using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>
/// Interval analysis of a whole graph: one interval per value that holds its elements for every input in a given range,
/// from the operations and the constants alone. No data is looked at, so what follows from it is exact.
/// </summary>
public sealed class StaticRanges
{
    /// <summary>Integers below are exact in double precision.</summary>
    private const double ExactIntegers = 1L << 53;

    private readonly Graph _graph;
    private readonly Dictionary<Value, Interval> _ranges = [];

    private StaticRanges(Graph graph, Interval input)
    {
        _graph = graph;
        foreach (Value value in graph.Inputs)
            _ranges[value] = value.Type.IsFloat ? input : OfType(value.Type);
        foreach (Node node in graph.Nodes)
            _ranges[node.Output] = Checked(Analyse(node), node.Output);
    }

    /// <param name="graph">Any graph.</param>
    /// <param name="input">The range of the elements of every floating point input; null where any number may come.</param>
    public static StaticRanges Of(Graph graph, (float Minimum, float Maximum)? input)
        => new(graph, input is var (minimum, maximum) ? new Interval(minimum, maximum) : Interval.Unbounded);

    /// <summary>The range of a value; everything its type holds where the value is not of the graph.</summary>
    public Interval this[Value value] => _ranges.TryGetValue(value, out Interval range) ? range : OfType(value.Type);

    private static Interval OfType(TensorType type)
    {
        if (type.IsFloat)
            return Interval.Unbounded;
        IntegerRange range = IntegerRange.Of(type.Element);
        return new Interval(range.Minimum, range.Maximum);
    }

    /// <summary>Integers may wrap around, and ∞ − ∞ is no bound: there the type's range is all that is known.</summary>
    private static Interval Checked(Interval range, Value value)
    {
        Interval type = OfType(value.Type);
        bool counted = value.Type.IsFloat || range.Magnitude < ExactIntegers;
        return counted && range.Minimum <= range.Maximum && type.Contains(range) ? range : type;
    }

    private Interval Analyse(Node node)
    {
        Interval x = node.Inputs.IsEmpty ? Interval.Unbounded : this[node.Inputs[0]];
        return node.Operation switch
        {
            Constant constant => OfElements(constant.Tensor),
            Conv or MatMul or BatchNormalization => LinearRanges.Of(node, _graph, v => this[v]),
            Binary binary => ArithmeticRanges.Of(binary.Kind, node, v => this[v]),
            Unary unary => FunctionRanges.Of(unary.Kind, x),
            Relu => FunctionRanges.Clamp(x, 0, double.PositiveInfinity),
            Clip clip => FunctionRanges.Clamp(x, clip.Minimum, clip.Maximum),
            ElementwiseFunction function => FunctionRanges.Of(function, x),
            Softmax or Hardmax => new Interval(0, 1),
            LogSoftmax => new Interval(double.NegativeInfinity, 0),
            LpNormalization => new Interval(-1, 1),
            LpPool => Interval.NonNegative,
            MaxPool pool => Windows.AllHoldElements(pool.Window, node.Inputs[0].Shape, node.Output.Shape) ? x : Interval.Unbounded,
            AveragePool pool => pool.Window.Pads.All(0) && !pool.CeilMode ? x : x.Hull(default),
            Reduce reduce => OfReduction(reduce, node, x),
            Pad pad => x.Hull(Interval.Point(pad.Value)),
            Concat => node.Inputs.Select(v => this[v]).Aggregate((a, b) => a.Hull(b)),
            Where => this[node.Inputs[1]].Hull(this[node.Inputs[2]]),
            Cast when node.Output.Type.IsFloat => x,
            DequantizeLinear => (x - this[node.Inputs[2]]) * this[node.Inputs[1]],
            Reshape or Transpose or Slice or Gather or Identity or Dropout or TopK { Positions: false } => x,
            _ => OfType(node.Output.Type),
        };
    }

    private static Interval OfElements(Tensor tensor)
    {
        Interval? range = null;
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            Interval element = Interval.Point(tensor.Type.IsFloat ? tensor.Floats[i] : tensor.Integers[i]);
            range = range?.Hull(element) ?? element;
        }

        return range ?? default;
    }

    private static Interval OfReduction(Reduce reduce, Node node, Interval x)
    {
        int terms = node.Inputs[0].Shape.Count / Math.Max(node.Output.Shape.Count, 1);
        return reduce.Kind switch
        {
            ReduceKind.Mean or ReduceKind.Max or ReduceKind.Min when terms > 0 => x,
            ReduceKind.Sum => terms * x,
            ReduceKind.L1 or ReduceKind.L2 or ReduceKind.SumSquare => Interval.NonNegative,
            _ => Interval.Unbounded,
        };
    }
}
