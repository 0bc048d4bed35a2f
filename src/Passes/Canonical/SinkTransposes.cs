using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// op(transpose(x, p), …) → transpose(op′(x, …), p), where op works element by element or along axes that can be renamed.
/// Graphs that were converted from channels-last frameworks have a transpose before and after each convolution: moved
/// down, the pairs meet and merge. Constant operands are transposed back instead. Only transposes that nothing else reads
/// move, so that none is duplicated.
/// </summary>
internal sealed class SinkTransposes : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (!IsMovable(node.Operation) || Permutation(node, graph) is not { } permutation)
            return null;
        int[] inverse = new int[permutation.Count];
        for (int axis = 0; axis < inverse.Length; axis++)
            inverse[permutation[axis]] = axis;
        ImmutableArray<Value> inputs = [.. node.Inputs.Select(v => Before(v, inverse, graph))];
        Value moved = graph.Add(Renamed(node.Operation, permutation, inverse), inputs, node.Output.Name + "/untransposed", node.Name);
        return graph.Define(node.Output, new Transpose(permutation), [moved], node.Name + "/transpose");
    }

    private static bool IsMovable(Operation operation)
        => operation is Relu or Clip or Cast or Identity or Dropout or Pad or Concat or Binary;

    /// <summary>The permutation that every operand has gone through; null where they differ, or where none has.</summary>
    private static IntVector? Permutation(Node node, GraphRewriter graph)
    {
        IntVector? common = null;
        foreach (Value input in node.Inputs)
        {
            if (graph.ConstantOf(input) is { } constant && CanTransposeBack(node.Operation, constant, node.Output))
                continue;
            if (graph.Producer(input) is not { Operation: Transpose transpose } || !graph.HasOneUse(input) || (common is { } other && other != transpose.Permutation))
                return null;
            common = transpose.Permutation;
        }

        return common;
    }

    /// <summary>A constant that broadcasts gets the axes it lacks first.</summary>
    private static bool CanTransposeBack(Operation operation, Tensor constant, Value output)
        => operation is Binary && constant.Shape.Rank <= output.Shape.Rank;

    private static Value Before(Value input, int[] inverse, GraphRewriter graph)
    {
        if (graph.ConstantOf(input) is not { } constant)
            return graph.Producer(input)!.Inputs[0];
        if (constant.Shape.Count == 1)
            return input;
        Tensor extended = constant.Reshape(new Shape([.. IntVector.Repeat(1, inverse.Length - constant.Shape.Rank), .. constant.Shape.Dimensions]));
        return graph.AddConstant(IR.Execution.FloatInterpreter.Evaluate(new Transpose(new IntVector(inverse)), [extended]), input.Name);
    }

    private static Operation Renamed(Operation operation, IntVector permutation, int[] inverse) => operation switch
    {
        Concat concat => new Concat(permutation[concat.Axis]),
        Pad pad => pad with { Pads = new IntVector([.. inverse.Select(axis => pad.Pads[axis]), .. inverse.Select(axis => pad.Pads[inverse.Length + axis])]) },
        _ => operation,
    };
}
