using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Changes of resolution. Along each axis, nearest-neighbour resizing gathers by constant positions, and interpolation is
/// a product with a constant matrix.
/// </summary>
internal static class Resizing
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Resize", Resize),
        ("Upsample", Upsample),
    ];

    /// <summary>Scales are an attribute before operator set 9, the second input since.</summary>
    private static void Upsample(ImportContext context)
    {
        float[] scales = context.Opset < 9
            ? context.Attributes.Floats("scales") ?? throw ImportException.MissingAttribute("scales")
            : context.Constant(1, "scales").Floats.ToArray();
        Resize(context, ByScales(context.Input(0).Shape, scales, AllAxes(context)), Interpolation.Legacy(context));
    }

    private static void Resize(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        if (context.Opset < 11)
        {
            Resize(context, ByScales(shape, context.Constant(1, "scales").Floats.ToArray(), AllAxes(context)), Interpolation.Legacy(context));
            return;
        }

        int[] axes = context.Attributes.Ints("axes")?.Select(a => shape.NormalizeAxis(checked((int)a))).ToArray() ?? AllAxes(context);
        Interpolation interpolation = Interpolation.Read(context);
        float[] regions = interpolation.NeedsRegion ? context.Constant(1, "roi").Floats.ToArray() : [];
        if (interpolation.NeedsRegion && regions.Length != 2 * axes.Length)
            throw new GraphException($"A region of {regions.Length} numbers does not fit {axes.Length} axes.");
        long[]? sizes = context.OptionalConstant(3, "sizes") is { Shape.Count: > 0 } given ? given.Integers.ToArray() : null;
        ResizedAxis[] resized = sizes is not null
            ? BySizes(shape, sizes, axes, context.Attributes.Text("keep_aspect_ratio_policy", "stretch"))
            : ByScales(shape, context.Constant(2, "scales").Floats.ToArray(), axes);
        for (int i = 0; i < regions.Length / 2; i++)
            resized[i] = resized[i] with { RegionStart = regions[i], RegionEnd = regions[axes.Length + i] };
        Resize(context, resized, interpolation);
    }

    private static void Resize(ImportContext context, ResizedAxis[] axes, Interpolation interpolation)
    {
        OperationChain chain = new(context, context.Input(0));
        foreach (ResizedAxis axis in axes)
        {
            if (axis.Scale == 1 && axis.OutputSize == axis.InputSize && !interpolation.NeedsRegion)
                continue;
            if (chain.Shape.Count == 0 || axis.OutputSize == 0)
                throw new GraphException($"{chain.Shape} cannot be resized to {axis.OutputSize} along axis {axis.Axis}.");
            if (interpolation.OnlyCopies(axis))
                chain.ThenGather(context, axis.Axis, axis.OutputSize, i => interpolation.NearestPosition(axis, i));
            else
                Interpolate(context, chain, axis, interpolation);
        }

        chain.Result();
    }

    /// <summary>The axis goes last for the product, and back.</summary>
    private static void Interpolate(ImportContext context, OperationChain chain, ResizedAxis axis, Interpolation interpolation)
    {
        Shape matrixShape = new(axis.InputSize, axis.OutputSize);
        context.Reserve(matrixShape);
        (float[] weights, float[] constants) = interpolation.Matrix(axis);
        int rank = chain.Shape.Rank;
        int[] swap = [.. Enumerable.Range(0, rank)];
        (swap[axis.Axis], swap[^1]) = (swap[^1], swap[axis.Axis]);
        Transpose transpose = new(new IntVector(swap));
        if (axis.Axis != rank - 1)
            chain.Then(transpose);
        chain.Then(new MatMul(), context.StepConstant($"weights{axis.Axis}", Tensor.FromFloats(chain.Type.WithShape(matrixShape), weights)));
        if (constants.Any(c => c != 0))
            chain.Then(new Binary(BinaryKind.Add), context.StepConstant($"outside{axis.Axis}", Tensor.FromFloats(chain.Type.WithShape(new Shape(constants.Length)), constants)));
        if (axis.Axis != rank - 1)
            chain.Then(transpose);
    }

    private static ResizedAxis[] ByScales(Shape shape, float[] scales, int[] axes)
    {
        if (scales.Length != axes.Length || scales.Any(s => !(s > 0) || !float.IsFinite(s)))
            throw new GraphException($"Scales [{string.Join(", ", scales)}] do not fit {shape}.");
        return [.. axes.Select((axis, i) => new ResizedAxis(axis, shape[axis], Size(Math.Floor((double)shape[axis] * scales[i])), scales[i]))];
    }

    private static ResizedAxis[] BySizes(Shape shape, long[] sizes, int[] axes, string policy)
    {
        if (sizes.Length != axes.Length || sizes.Any(s => s < 0) || axes.Any(a => shape[a] == 0))
            throw new GraphException($"Sizes [{string.Join(", ", sizes)}] do not fit {shape}.");
        double[] scales = [.. sizes.Select((size, i) => (double)size / shape[axes[i]])];
        double common = policy switch
        {
            "stretch" => 0,
            "not_larger" => scales.Min(),
            "not_smaller" => scales.Max(),
            _ => throw new GraphException($"The policy '{policy}' is not known."),
        };
        return [.. axes.Select((axis, i) => common > 0
            ? new ResizedAxis(axis, shape[axis], Size(Math.Floor((shape[axis] * common) + 0.5)), common)
            : new ResizedAxis(axis, shape[axis], Size(sizes[i]), scales[i]))];
    }

    private static int Size(double size) => Shape.Dimension(checked((long)size));

    private static int[] AllAxes(ImportContext context) => [.. Enumerable.Range(0, context.Input(0).Shape.Rank)];
}
