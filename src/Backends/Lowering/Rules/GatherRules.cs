using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Elements along an axis at constant positions, by steps that move elements: one slice where the positions are evenly
/// spaced; copies side by side where each position repeats, as in nearest-neighbour resizing; else slices joined.
/// </summary>
internal static class GatherRules
{
    /// <summary>A gather of scattered positions costs no communication, but each run is a step.</summary>
    private const int MaxRuns = 4096;

    public static int Gather(LoweringContext context, Node node, Gather gather)
    {
        Value data = node.Inputs[0];
        int[] positions = Positions(context, node, gather);
        int input = context.Carried(node);
        Shape gathered = Resized(data.Shape, gather.Axis, positions.Length);
        int index = Repeats(positions) is > 1 and int count
            ? Repeat(context, node, gather.Axis, Runs(context, node, gather.Axis, [.. positions.Where((_, i) => i % count == 0)], input), count)
            : Runs(context, node, gather.Axis, positions, input);
        if (gathered != node.Output.Shape)
            index = Reshape(context, node, index, node.Output.Shape);
        context.Fuse(index, context[index] with { Source = node.Output });
        return index;
    }

    /// <summary>A value that only leads to the node's, so that nothing was observed of it.</summary>
    private static Value Part(LoweringContext context, Node node, Shape shape)
        => new($"{node.Output.Name}/part{context.Count}", node.Output.Type.WithShape(shape));

    private static int[] Positions(LoweringContext context, Node node, Gather gather)
    {
        Shape shape = node.Inputs[0].Shape;
        int size = shape[gather.Axis];
        long[] positions = [.. context.RequireConstant(node.Inputs[1], "list of positions").Integers.ToArray().Select(p => p < 0 ? p + size : p)];
        if (positions.Length == 0 || positions.Any(p => p < 0 || p >= size))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"The positions leave axis {gather.Axis} of {shape}.");
        return Array.ConvertAll(positions, p => (int)p);
    }

    /// <summary>How often every position occurs in a row; 1 where that differs.</summary>
    private static int Repeats(int[] positions)
    {
        int count = 1;
        while (count < positions.Length && positions[count] == positions[0])
            count++;
        bool each = positions.Length % count == 0 && !positions.Where((p, i) => p != positions[i / count * count]).Any();
        return each ? count : 1;
    }

    /// <summary>Copies of a value along a new axis behind the gathered one.</summary>
    private static int Repeat(LoweringContext context, Node node, int axis, int index, int count)
    {
        Shape shape = context[index].Shape;
        Shape one = new([.. shape.Dimensions.Take(axis + 1), 1, .. shape.Dimensions.Skip(axis + 1)]);
        int reshaped = Reshape(context, node, index, one);
        int copies = Concat(context, node, axis + 1, [.. Enumerable.Repeat(reshaped, count)]);
        return Reshape(context, node, copies, Resized(shape, axis, shape[axis] * count));
    }

    /// <summary>Slices of evenly spaced positions, joined.</summary>
    private static int Runs(LoweringContext context, Node node, int axis, int[] positions, int input)
    {
        List<int> parts = [];
        for (int start = 0; start < positions.Length;)
        {
            int step = start + 1 < positions.Length ? positions[start + 1] - positions[start] : 1, length = 1;
            while (step != 0 && start + length < positions.Length && positions[start + length] == positions[start] + (length * step))
                length++;
            if (parts.Count == MaxRuns)
                throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"The gathered positions make more than {MaxRuns} slices.", "Gather along an axis instead of single elements.");
            parts.Add(Slice(context, node, axis, positions[start], length, length > 1 ? step : 1, input));
            start += length;
        }

        return parts.Count == 1 ? parts[0] : Concat(context, node, axis, parts);
    }

    private static int Slice(LoweringContext context, Node node, int axis, int start, int length, int step, int input)
    {
        Shape shape = context[input].Shape, sliced = Resized(shape, axis, length);
        int[] starts = new int[shape.Rank], steps = [.. IntVector.Repeat(1, shape.Rank)];
        (starts[axis], steps[axis]) = (start, step);
        return context.Append(new RealSlice
        {
            Name = node.Name,
            Shape = sliced,
            Source = Part(context, node, sliced),
            Input = input,
            Starts = [.. starts],
            Steps = [.. steps],
        });
    }

    private static int Concat(LoweringContext context, Node node, int axis, List<int> operands)
    {
        Shape joined = Resized(context[operands[0]].Shape, axis, operands.Sum(o => context[o].Shape[axis]));
        return context.Append(new RealConcat
        {
            Name = node.Name,
            Shape = joined,
            Source = Part(context, node, joined),
            Operands = [.. operands],
            Axis = axis,
        });
    }

    private static int Reshape(LoweringContext context, Node node, int index, Shape shape)
        => context.Append(new RealReshape { Name = node.Name, Shape = shape, Source = Part(context, node, shape), Input = index });

    private static Shape Resized(Shape shape, int axis, int size)
    {
        int[] dimensions = [.. shape.Dimensions];
        dimensions[axis] = size;
        return new Shape(dimensions);
    }
}
