using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Reads and writes of single elements at positions known when compiling. All become one gather from the flattened
/// operand; a write gathers from the operand followed by the updates.
/// </summary>
internal static class Indexing
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Gather", Gather),
        ("GatherElements", GatherElements),
        ("GatherND", GatherNd),
        ("Scatter", ScatterElements),
        ("ScatterElements", ScatterElements),
        ("ScatterND", ScatterNd),
    ];

    private static void Gather(ImportContext context)
    {
        Operand input = context.Input(0), indices = context.Input(1);
        int axis = input.Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        if (input.Shape.Rank == 0)
            throw new GraphException("A scalar has no axis to gather along.");
        context.Result(new Gather(axis), [input, Normalized(context, indices, input.Shape[axis])]);
    }

    /// <summary>Indices along an axis, counted from its start as far as they are known.</summary>
    /// <exception cref="GraphException">One is out of range.</exception>
    public static Operand Normalized(ImportContext context, Operand indices, int size)
    {
        if (indices.Constant is not { } constant)
            return indices;
        long[] normalized = Normalized(constant, size);
        return normalized.AsSpan().SequenceEqual(constant.Integers)
            ? indices
            : context.StepConstant("indices", Tensor.FromIntegers(constant.Type, normalized));
    }

    private static void GatherElements(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        Tensor indices = context.Constant(1, "indices");
        context.Reserve(indices.Shape);
        GatherFlat(context, context.Input(0), AlongAxis(context, shape, indices), indices.Shape);
    }

    private static void GatherNd(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        Tensor indices = context.Constant(1, "indices");
        int batchAxes = checked((int)context.Attributes.Int("batch_dims", absent: 0));
        Shape rows = Rows(indices);
        int width = indices.Shape[indices.Shape.Rank - 1];
        if (batchAxes < 0 || batchAxes > rows.Rank || batchAxes + width > shape.Rank || !rows.Dimensions.Take(batchAxes).SequenceEqual(shape.Dimensions.Take(batchAxes)))
            throw new GraphException($"Indices {indices.Shape} with {batchAxes} batch axes do not fit {shape}.");
        Shape result = new([.. rows.Dimensions, .. shape.Dimensions.Skip(batchAxes + width)]);
        context.Reserve(result);
        Shape batch = new(shape.Dimensions.AsSpan()[..batchAxes]), element = new(shape.Dimensions.AsSpan()[batchAxes..]);
        int[] starts = Starts(indices, element, width);
        for (int row = 0; row < starts.Length; row++)
            starts[row] += row / Math.Max(1, rows.Count / Math.Max(1, batch.Count)) * element.Count;
        GatherFlat(context, context.Input(0), Blocks(starts, result.Count), result);
    }

    private static void ScatterElements(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        Tensor indices = context.Constant(1, "indices");
        if (context.Input(2).Shape != indices.Shape)
            throw new GraphException($"Updates {context.Input(2).Shape} do not fit indices {indices.Shape}.");
        Scatter(context, AlongAxis(context, shape, indices));
    }

    private static void ScatterNd(ImportContext context)
    {
        Shape shape = context.Input(0).Shape, updates = context.Input(2).Shape;
        Tensor indices = context.Constant(1, "indices");
        Shape rows = Rows(indices);
        int width = indices.Shape[indices.Shape.Rank - 1];
        if (width > shape.Rank || updates != new Shape([.. rows.Dimensions, .. shape.Dimensions.Skip(width)]))
            throw new GraphException($"Updates {updates} at indices {indices.Shape} do not fit {shape}.");
        context.Reserve(updates);
        Scatter(context, Blocks(Starts(indices, shape, width), updates.Count));
    }

    /// <summary>Writes the i-th update at flat position targets[i]; later ones win, or add to or multiply what is there.</summary>
    private static void Scatter(ImportContext context, long[] targets)
    {
        Operand input = context.Input(0), updates = context.Input(2);
        string reduction = context.Attributes.Text("reduction", "none");
        context.Reserve(input.Shape);
        OperationChain chain = new OperationChain(context, input).Then(new Reshape(new Shape(input.Shape.Count)));
        Operand flatUpdates = context.Step("updates", new Reshape(new Shape(updates.Shape.Count)), updates);
        if (reduction is "none")
        {
            long[] sources = [.. Enumerable.Range(0, input.Shape.Count).Select(i => (long)i)];
            for (int i = 0; i < targets.Length; i++)
                sources[targets[i]] = input.Shape.Count + i;
            chain.Then(new Concat(0), flatUpdates).Then(new Gather(0), Positions(context, sources, input.Shape)).Result();
            return;
        }

        (BinaryKind kind, float neutral) = reduction switch
        {
            "add" => (BinaryKind.Add, 0f),
            "mul" => (BinaryKind.Mul, 1f),
            _ => throw ImportException.Unsupported($"its reduction is '{reduction}'.", "Only writing, adding and multiplying are supported."),
        };
        Operand extended = context.Step("extended", new Pad(new IntVector(0, 1), neutral), flatUpdates);
        foreach (long[] layer in Layers(targets, input.Shape.Count, neutralPosition: updates.Shape.Count))
        {
            context.Reserve(input.Shape);
            Operand operand = context.Step("layer", new Gather(0), extended, Positions(context, layer, new Shape(layer.Length)));
            chain.Then(new Binary(kind), operand);
        }

        chain.Then(new Reshape(input.Shape)).Result();
    }

    /// <summary>For each target the positions of its first updates, of its second ones, and so on; the neutral element where there is none.</summary>
    private static List<long[]> Layers(long[] targets, int count, int neutralPosition)
    {
        List<long[]> layers = [];
        int[] used = new int[count];
        for (int i = 0; i < targets.Length; i++)
        {
            int layer = used[targets[i]]++;
            if (layer == layers.Count)
            {
                if ((layer + 1L) * count > Shape.MaxElements)
                    throw new GraphException("Too many updates go to one element.");
                long[] empty = new long[count];
                Array.Fill(empty, neutralPosition);
                layers.Add(empty);
            }

            layers[layer][targets[i]] = i;
        }

        return layers;
    }

    private static void GatherFlat(ImportContext context, Operand input, long[] positions, Shape shape)
        => new OperationChain(context, input).Then(new Reshape(new Shape(input.Shape.Count))).Then(new Gather(0), Positions(context, positions, shape)).Result();

    private static Operand Positions(ImportContext context, long[] positions, Shape shape)
        => context.StepConstant("positions", Tensor.FromIntegers(new TensorType(ElementType.Int64, shape), positions));

    /// <summary>The flat position that each index points at: its own, with the coordinate along the axis replaced.</summary>
    private static long[] AlongAxis(ImportContext context, Shape shape, Tensor indices)
    {
        int axis = shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        if (shape.Rank == 0 || indices.Shape.Rank != shape.Rank || indices.Shape.Dimensions.Where((d, a) => a != axis && d > shape[a]).Any())
            throw new GraphException($"Indices {indices.Shape} do not fit {shape}.");
        int[] strides = shape.Strides();
        long[] along = Normalized(indices, shape[axis]);
        for (int flat = 0; flat < along.Length; flat++)
        {
            along[flat] *= strides[axis];
            for (int a = shape.Rank - 1, rest = flat; a >= 0; rest /= indices.Shape[a], a--)
                along[flat] += a == axis ? 0 : rest % indices.Shape[a] * strides[a];
        }

        return along;
    }

    /// <summary>The shape of a list of coordinates, which lie along the last axis.</summary>
    private static Shape Rows(Tensor indices) => indices.Shape.Rank == 0
        ? throw new GraphException("Indices are a scalar where coordinates are expected.")
        : new Shape(indices.Shape.Dimensions.AsSpan()[..^1]);

    /// <summary>Where the part of the tensor that each row of coordinates names starts.</summary>
    private static int[] Starts(Tensor indices, Shape shape, int width)
    {
        int[] strides = shape.Strides(), starts = new int[Rows(indices).Count];
        for (int row = 0; row < starts.Length; row++)
        {
            for (int axis = 0; axis < width; axis++)
                starts[row] += strides[axis] * (int)Normalized(indices.Integers[(row * width) + axis], shape[axis]);
        }

        return starts;
    }

    /// <summary>Consecutive positions from each start.</summary>
    private static long[] Blocks(int[] starts, int count)
    {
        int size = starts.Length == 0 ? 0 : count / starts.Length;
        long[] positions = new long[count];
        for (int i = 0; i < count; i++)
            positions[i] = starts[i / size] + (i % size);
        return positions;
    }

    private static long[] Normalized(Tensor indices, int size) => [.. indices.Integers.ToArray().Select(i => Normalized(i, size))];

    private static long Normalized(long index, int size) => index >= -size && index < size
        ? (index < 0 ? index + size : index)
        : throw new GraphException($"Index {index} is out of range for an axis of {size}.");
}
