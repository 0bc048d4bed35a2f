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
        ("Slice", Slice),
        ("Split", Split),
    ];

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

    /// <summary>Each output is a slice. The number of equal parts is the number of outputs, or said since operator set 18.</summary>
    private static void Split(ImportContext context)
    {
        if (context.OutputCount == 0)
            throw new GraphException("It has no outputs.");
        Shape shape = context.Input(0).Shape;
        int axis = shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        if (shape.Rank == 0)
            throw new GraphException("A scalar cannot be split.");
        long parts = context.Attributes.Int("num_outputs", absent: context.OutputCount);
        long[]? given = context.IntegerList("split", inputIndex: 1, inputSince: 13);
        if ((given?.Length ?? parts) != context.OutputCount)
            throw new GraphException($"It has {context.OutputCount} outputs for {given?.Length ?? parts} parts.");
        long[] sizes = given ?? EqualParts(shape[axis], context.OutputCount);
        foreach (Slice slice in Parts(shape, axis, sizes))
            context.Result(slice, context.Input(0));
    }

    /// <summary>Consecutive slices along an axis.</summary>
    /// <exception cref="GraphException">The sizes do not make up the axis.</exception>
    public static IEnumerable<Slice> Parts(Shape shape, int axis, long[] sizes)
    {
        if (sizes.Any(s => s < 0 || s > shape[axis]) || sizes.Sum() != shape[axis])
            throw new GraphException($"Parts of [{string.Join(", ", sizes)}] do not make up axis {axis} of {shape}.");
        return Slices();

        IEnumerable<Slice> Slices()
        {
            int[] first = new int[shape.Rank], size = [.. shape.Dimensions];
            foreach (long part in sizes)
            {
                size[axis] = (int)part;
                int[] starts = [.. first];
                starts[axis] = part == 0 ? 0 : first[axis];
                yield return new Slice(new IntVector(starts), new IntVector(size), IntVector.Repeat(1, shape.Rank));
                first[axis] += (int)part;
            }
        }
    }

    private static long[] EqualParts(int dimension, int count)
    {
        long part = (dimension + (long)count - 1) / count;
        return [.. Enumerable.Range(0, count).Select(i => Math.Clamp(dimension - (i * part), 0, part))];
    }
}
