using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Reductions over neighbouring axes. The value is an image of the axes before, the reduced ones as rows, and those after
/// as columns: a mean is an average pool of whole columns, a maximum a max pool, a sum a product with ones.
/// </summary>
internal static class ReductionRules
{
    public static int Reduce(LoweringContext context, Node node, Reduce reduce)
    {
        Shape x = node.Inputs[0].Shape;
        IntVector axes = reduce.Axes;
        if (axes.Count == 0 || axes[axes.Count - 1] - axes[0] != axes.Count - 1)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"The reduced axes {axes} are not neighbours.", "Reduce one after the other, or transpose first.");
        int first = axes[0], after = first + axes.Count;
        int outer = new Shape(x.Dimensions.AsSpan()[..first]).Count, rows = node.Output.Shape.Count == 0 ? 0 : x.Count / node.Output.Shape.Count;
        int columns = new Shape(x.Dimensions.AsSpan()[after..]).Count;
        if (x.Count == 0)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "There is nothing to reduce.");
        return reduce.Kind switch
        {
            ReduceKind.Mean => Mean(context, node, Columns(outer, rows, columns), rows),
            ReduceKind.Max => Maximum(context, node, Columns(outer, rows, columns)),
            ReduceKind.Sum when columns == 1 => Sum(context, node, outer, rows),
            ReduceKind.Sum => throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "The sum is not over the last axes.", "Transpose first, or take the mean."),
            _ => throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "There is no secure protocol for this reduction.", "Sums, means and maxima have one."),
        };
    }

    private static PoolGeometry Columns(int outer, int rows, int columns)
        => new() { Planes = outer, InputHeight = rows, InputWidth = columns, OutputHeight = 1, OutputWidth = columns, KernelHeight = rows, KernelWidth = 1 };

    private static int Mean(LoweringContext context, Node node, PoolGeometry pool, int rows)
    {
        int[] divisors = new int[pool.OutputWidth];
        Array.Fill(divisors, rows);
        return context.Append(new RealAveragePool
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = context.Carried(node),
            Pool = pool,
            Divisors = divisors,
        });
    }

    private static int Maximum(LoweringContext context, Node node, PoolGeometry pool) => context.Append(new RealNonLinear
    {
        Name = node.Name,
        Shape = node.Output.Shape,
        Source = node.Output,
        Input = context.Carried(node),
        Activation = Activation.None,
        Pool = pool,
    });

    private static int Sum(LoweringContext context, Node node, int outer, int rows)
    {
        float[] ones = new float[rows];
        Array.Fill(ones, 1);
        return context.Append(new RealConvolution
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = context.Carried(node),
            Geometry = new ConvolutionGeometry { Batch = outer, InputChannels = rows, InputHeight = 1, InputWidth = 1, OutputChannels = 1 },
            Weights = ones,
            Bias = new double[1],
            IsFullyConnected = true,
        });
    }
}
