using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Changes of shape and order that compute nothing.</summary>
internal static class Layout
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Concat", Concat),
        ("DepthToSpace", DepthToSpace),
        ("Flatten", Flatten),
        ("Reshape", Reshape),
        ("SpaceToDepth", SpaceToDepth),
        ("Squeeze", Squeeze),
        ("Transpose", Transpose),
        ("Unsqueeze", Unsqueeze),
    ];

    private static void Concat(ImportContext context)
    {
        Operand[] parts = context.AllInputs();
        context.Result(new Concat(parts[0].Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis")))), parts);
    }

    /// <summary>Channels become blocks of pixels; the block's axes come before the remaining channels (DCR) or after them (CRD).</summary>
    private static void DepthToSpace(ImportContext context)
    {
        (int batch, int channels, int height, int width, int block) = Blocks(context);
        string mode = context.Attributes.Text("mode", "DCR");
        if (channels % ((long)block * block) != 0 || mode is not ("DCR" or "CRD"))
            throw new GraphException($"{channels} channels do not make blocks of {block}x{block} in mode '{mode}'.");
        int left = channels / block / block;
        bool depthFirst = mode is "DCR";
        new OperationChain(context, context.Input(0))
            .Then(new Reshape(depthFirst ? new Shape(batch, block, block, left, height, width) : new Shape(batch, left, block, block, height, width)))
            .Then(new Transpose(depthFirst ? new IntVector(0, 3, 4, 1, 5, 2) : new IntVector(0, 1, 4, 2, 5, 3)))
            .Then(new Reshape(new Shape(batch, left, Shape.Dimension((long)height * block), Shape.Dimension((long)width * block))))
            .Result();
    }

    /// <summary>Blocks of pixels become channels: block row, block column, then the channel.</summary>
    private static void SpaceToDepth(ImportContext context)
    {
        (int batch, int channels, int height, int width, int block) = Blocks(context);
        if (height % block != 0 || width % block != 0)
            throw new GraphException($"{height}x{width} pixels are not blocks of {block}x{block}.");
        new OperationChain(context, context.Input(0))
            .Then(new Reshape(new Shape(batch, channels, height / block, block, width / block, block)))
            .Then(new Transpose(new IntVector(0, 3, 5, 1, 2, 4)))
            .Then(new Reshape(new Shape(batch, Shape.Dimension((long)channels * block * block), height / block, width / block)))
            .Result();
    }

    private static (int Batch, int Channels, int Height, int Width, int Block) Blocks(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        long block = context.Attributes.Int("blocksize");
        if (shape.Rank != 4 || block < 1 || block > ushort.MaxValue)
            throw new GraphException($"Blocks of {block}x{block} have no meaning for {shape}.");
        return (shape[0], shape[1], shape[2], shape[3], (int)block);
    }

    /// <summary>Two axes: the product of those before the axis, and of the rest.</summary>
    private static void Flatten(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        long axis = context.Attributes.Int("axis", absent: 1);
        int split = checked((int)(axis < 0 ? axis + shape.Rank : axis));
        if (split < 0 || split > shape.Rank)
            throw new GraphException($"Axis {axis} is out of range for {shape}.");
        Shape before = new(shape.Dimensions.AsSpan()[..split]), after = new(shape.Dimensions.AsSpan()[split..]);
        context.Result(new Reshape(new Shape(before.Count, after.Count)), context.Input(0));
    }

    private static void Reshape(ImportContext context)
    {
        Operand input = context.Input(0);
        long[] wanted = context.IntegerList("shape", inputIndex: 1, inputSince: 5) ?? throw new GraphException("The shape is missing.");
        bool zeroIsZero = context.Attributes.Flag("allowzero");
        long[] dimensions = [.. wanted.Select((d, i) => d == 0 && !zeroIsZero ? Copied(input.Shape, i) : d)];
        if (input.Constant is null && dimensions.Length > 1 && dimensions[0] == context.Options.ReducedBatch)
            dimensions[0] = context.Options.BatchSize;
        context.Result(new Reshape(Inferred(input.Shape, dimensions)), input);
    }

    private static int Copied(Shape shape, int axis)
        => axis < shape.Rank ? shape[axis] : throw new GraphException($"The shape copies axis {axis}, which {shape} does not have.");

    /// <summary>Replaces one −1 by what the element count leaves.</summary>
    private static Shape Inferred(Shape input, long[] dimensions)
    {
        int open = Array.IndexOf(dimensions, -1L);
        if (open >= 0)
        {
            dimensions[open] = 1;
            int known = new Shape([.. dimensions.Select(d => checked((int)d))]).Count;
            dimensions[open] = known > 0 && input.Count % known == 0
                ? input.Count / known
                : throw new GraphException($"{input} cannot be reshaped: {input.Count} elements do not divide by {known}.");
        }

        return new Shape([.. dimensions.Select(d => checked((int)d))]);
    }

    private static void Squeeze(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        long[]? given = context.IntegerList("axes", inputIndex: 1, inputSince: 13);
        HashSet<int> axes = given is null
            ? [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] == 1)]
            : [.. given.Select(axis => shape.NormalizeAxis(checked((int)axis)))];
        if (axes.Any(axis => shape[axis] != 1))
            throw new GraphException($"Axes [{string.Join(", ", axes)}] of {shape} are not all of size one.");
        context.Result(new Reshape(new Shape([.. shape.Dimensions.Where((_, axis) => !axes.Contains(axis))])), context.Input(0));
    }

    private static void Unsqueeze(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        long[] given = context.IntegerList("axes", inputIndex: 1, inputSince: 13) ?? throw ImportException.MissingAttribute("axes");
        int rank = checked(shape.Rank + given.Length);
        HashSet<long> axes = [.. given.Select(axis => axis < 0 ? axis + rank : axis)];
        if (axes.Count != given.Length || axes.Any(axis => axis < 0 || axis >= rank))
            throw new GraphException($"Axes [{string.Join(", ", given)}] cannot be added to {shape}.");
        Queue<int> rest = new(shape.Dimensions);
        context.Result(new Reshape(new Shape([.. Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? 1 : rest.Dequeue())])), context.Input(0));
    }

    private static void Transpose(ImportContext context)
    {
        int rank = context.Input(0).Shape.Rank;
        IEnumerable<int> permutation = context.Attributes.Ints("perm")?.Select(axis => checked((int)axis)) ?? Enumerable.Range(0, rank).Reverse();
        context.Result(new Transpose(new IntVector([.. permutation])), context.Input(0));
    }
}
