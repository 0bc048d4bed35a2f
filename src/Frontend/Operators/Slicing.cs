using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Parts of a tensor, at positions known when compiling.</summary>
internal static class Slicing
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Gather", Gather),
        ("Slice", Slice),
        ("Split", Split),
    ];

    private static void Gather(ImportContext context)
    {
        Operand input = context.Input(0);
        int axis = input.Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        Tensor indices = context.Constant(1, "indices");
        if (input.Shape.Rank == 0)
            throw new GraphException("A scalar has no axis to gather along.");
        int size = input.Shape[axis];
        long[] positions = [.. indices.Integers.ToArray().Select(i => i < 0 ? i + size : i)];
        if (positions.Any(i => i < 0 || i >= size))
            throw new GraphException($"An index is out of range for axis {axis} of {input.Shape}.");
        Operand normalized = context.StepConstant("indices", Tensor.FromIntegers(indices.Type, positions));
        context.Result(new Gather(axis), [input, normalized]);
    }

    private static void Slice(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        long[] starts = context.IntegerList("starts", inputIndex: 1, inputSince: 10) ?? throw ImportException.MissingAttribute("starts");
        long[] ends = context.IntegerList("ends", inputIndex: 2, inputSince: 10) ?? throw ImportException.MissingAttribute("ends");
        long[] axes = context.IntegerList("axes", inputIndex: 3, inputSince: 10) ?? [.. Enumerable.Range(0, starts.Length)];
        long[] steps = context.OptionalConstant(4, "steps")?.Integers.ToArray() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new GraphException("Starts, ends, axes and steps differ in number.");
        int[] first = new int[shape.Rank], size = shape.Dimensions.AsSpan().ToArray(), step = IntVector.Repeat(1, shape.Rank).AsSpan().ToArray();
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = shape.NormalizeAxis(checked((int)axes[i]));
            (first[axis], size[axis], step[axis]) = Range(starts[i], ends[i], steps[i], shape[axis]);
        }

        context.Result(new Slice(new IntVector(first), new IntVector(size), new IntVector(step)), context.Input(0));
    }

    /// <summary>The ONNX rules: negative positions count from the end, and out-of-range ones are clamped.</summary>
    private static (int First, int Size, int Step) Range(long start, long end, long step, int dimension)
    {
        if (step == 0)
            throw new GraphException("A slice has step 0.");
        (long low, long high) = step > 0 ? (0, dimension) : (-1, dimension - 1);
        start = Math.Clamp(start < 0 ? start + dimension : start, Math.Max(low, 0), Math.Max(high, 0));
        end = Math.Clamp(end < 0 ? end + dimension : end, low, high);
        long distance = step > 0 ? end - start : start - end;
        long size = distance <= 0 || dimension == 0 ? 0 : 1 + ((distance - 1) / Math.Abs(step));
        return size switch
        {
            0 => (0, 0, 1),
            1 => ((int)start, 1, 1),
            _ => ((int)start, (int)size, (int)step),
        };
    }

    /// <summary>Each output is a slice.</summary>
    private static void Split(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        int axis = shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        long[] sizes = context.IntegerList("split", inputIndex: 1, inputSince: 13) ?? EqualParts(shape[axis], context.OutputCount);
        if (sizes.Length != context.OutputCount || sizes.Sum() != shape[axis])
            throw new GraphException($"Parts of [{string.Join(", ", sizes)}] do not make up axis {axis} of {shape} in {context.OutputCount} outputs.");
        int[] first = new int[shape.Rank], size = shape.Dimensions.AsSpan().ToArray();
        foreach (long part in sizes)
        {
            size[axis] = checked((int)part);
            context.Result(new Slice(new IntVector(first), new IntVector(size), IntVector.Repeat(1, shape.Rank)), context.Input(0));
            first[axis] += size[axis];
        }
    }

    /// <summary>Equal parts; the last one takes what is left.</summary>
    private static long[] EqualParts(int dimension, int count)
    {
        long part = (dimension + (long)count - 1) / count;
        return [.. Enumerable.Range(0, count).Select(i => Math.Clamp(dimension - (i * part), 0, part))];
    }
}
