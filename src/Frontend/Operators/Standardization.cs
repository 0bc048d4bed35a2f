using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Normalisation by the sample's own mean and variance.</summary>
internal static class Standardization
{
    private const float DefaultEpsilon = 1e-5f;

    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("LayerNormalization", LayerNormalization),
        ("RMSNormalization", context => RootMeanSquare(context)),
        ("SimplifiedLayerNormalization", context => RootMeanSquare(context)),
        ("InstanceNormalization", InstanceNormalization),
        ("GroupNormalization", GroupNormalization),
        ("MeanVarianceNormalization", MeanVarianceNormalization),
    ];

    private static float Epsilon(ImportContext context) => context.Attributes.Float("epsilon", DefaultEpsilon);

    private static int Axis(ImportContext context)
        => context.Input(0).Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: -1)));

    private static void RootMeanSquare(ImportContext context)
        => context.Result(new LayerNormalization(Axis(context), Epsilon(context), Centered: false), [context.Input(0), context.Input(1)]);

    /// <summary>
    /// <c>stash_type</c> names the precision of the statistics, which are always taken in double precision here.
    /// Outputs beyond the first: the mean and the inverse of the standard deviation.
    /// </summary>
    private static void LayerNormalization(ImportContext context)
    {
        Operand input = context.Input(0), scale = context.Input(1);
        int axis = Axis(context);
        context.Result(new LayerNormalization(axis, Epsilon(context)), context.OptionalInput(2) is { } bias ? [input, scale, bias] : [input, scale]);
        if (!context.IsUsed(1) && !context.IsUsed(2))
            return;
        ReadOnlySpan<int> leading = input.Shape.Dimensions.AsSpan()[..axis];
        Reshape shape = new(new Shape([.. leading, .. IntVector.Repeat(1, input.Shape.Rank - axis).AsSpan()]));
        (Operand mean, Operand variance) = Moments.OfRows(context, input, new Shape(leading).Count);
        context.Result(shape, mean);
        Operand shifted = context.Step("shifted", new Binary(BinaryKind.Add), variance, context.StepScalar("epsilon", variance, Epsilon(context)));
        Operand deviation = context.Step("deviation", new Unary(UnaryKind.Sqrt), shifted);
        context.Result(shape, context.Step("inverse", new Unary(UnaryKind.Reciprocal), deviation));
    }

    /// <summary>Every channel of every image by itself.</summary>
    private static void InstanceNormalization(ImportContext context)
    {
        Operand input = context.Input(0);
        if (input.Shape.Rank < 3)
            throw new GraphException($"{input.Shape} has no spatial axes.");
        Reshape perChannel = new(PerChannel(input.Shape));
        Operand scale = context.Step("scale", perChannel, context.Input(1)), bias = context.Step("bias", perChannel, context.Input(2));
        context.Result(new LayerNormalization(2, Epsilon(context)), [input, scale, bias]);
    }

    /// <summary>Scale and bias are per group before operator set 21, per channel since.</summary>
    private static void GroupNormalization(ImportContext context)
    {
        Operand input = context.Input(0), scale = context.Input(1), bias = context.Input(2);
        int groups = checked((int)context.Attributes.Int("num_groups"));
        Shape shape = input.Shape;
        if (shape.Rank < 3 || groups < 1 || shape[1] % groups != 0)
            throw new GraphException($"{shape} has no {groups} groups of channels.");
        Shape grouped = new(shape[0], groups, shape.Count / Math.Max(shape[0] * groups, 1));
        Operand members = context.Step("groups", new Reshape(grouped), input);
        LayerNormalization normalization = new(2, Epsilon(context));
        if (context.Opset < 21)
        {
            Reshape perGroup = new(new Shape(groups, 1));
            Operand normalized = context.MainStep("normalized", normalization, members, context.Step("scale", perGroup, scale), context.Step("bias", perGroup, bias));
            context.Result(new Reshape(shape), [normalized], role: "shape");
            return;
        }

        Reshape perChannel = new(PerChannel(shape));
        Operand restored = context.Step("shape", new Reshape(shape), context.MainStep("normalized", normalization, members));
        Operand scaled = context.Step("scaled", new Binary(BinaryKind.Mul), restored, context.Step("scale", perChannel, scale));
        context.Result(new Binary(BinaryKind.Add), [scaled, context.Step("bias", perChannel, bias)], role: "bias");
    }

    /// <summary>(x − mean)/(deviation + 10⁻⁹) over the given axes, which are moved to the end and back.</summary>
    private static void MeanVarianceNormalization(ImportContext context)
    {
        const float SquaredTinyDeviation = 1e-18f;
        Operand input = context.Input(0);
        int rank = input.Shape.Rank;
        long[] given = context.Attributes.Ints("axes") ?? [0, 2, 3];
        int[] axes = [.. given.Select(axis => input.Shape.NormalizeAxis(checked((int)axis))).Distinct()];
        int[] order = [.. Enumerable.Range(0, rank).Except(axes), .. axes];
        int[] back = [.. Enumerable.Range(0, rank).Select(axis => Array.IndexOf(order, axis))];
        Operand moved = context.Step("moved", new Transpose(new IntVector(order)), input);
        Operand normalized = context.MainStep("normalized", new LayerNormalization(rank - axes.Length, SquaredTinyDeviation), moved);
        context.Result(new Transpose(new IntVector(back)), [normalized], role: "back");
    }

    private static Shape PerChannel(Shape input) => new([input[1], .. IntVector.Repeat(1, input.Rank - 2).AsSpan()]);
}
