using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Average pools: sums over windows, and the divisor of each.</summary>
internal static class PoolingRules
{
    public static int AveragePool(LoweringContext context, Node node, AveragePool pool)
    {
        PoolGeometry geometry = Windows.Pool(node.Inputs[0].Shape, node.Output.Shape, pool.Window);
        SpatialWindow window = pool.Window;
        int padBottom = window.Rank == 2 ? window.PadEnd(0) : 0, padRight = window.PadEnd(window.Rank - 1);
        int[] divisors = new int[geometry.OutputHeight * geometry.OutputWidth];
        for (int i = 0; i < divisors.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, geometry.OutputWidth);
            divisors[i] = pool.CountIncludePad
                ? Padded(y, geometry.StrideHeight, geometry.KernelHeight, geometry.DilationHeight, geometry.InputHeight + geometry.PadTop + padBottom)
                    * Padded(x, geometry.StrideWidth, geometry.KernelWidth, geometry.DilationWidth, geometry.InputWidth + geometry.PadLeft + padRight)
                : PoolWindow.At(geometry, y, x).Count;
        }

        if (divisors.Contains(0))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "A window lies wholly in the padding and has no mean.");
        return context.Append(new RealAveragePool
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = context.Carried(node),
            Pool = geometry,
            Divisors = divisors,
        });
    }

    /// <summary>Elements of a window along one axis, padding included; in ceil mode the last window may leave even that.</summary>
    private static int Padded(int output, int stride, int kernel, int dilation, int paddedSize)
    {
        int start = output * stride;
        return Math.Min(kernel, ((paddedSize - 1 - start) / dilation) + 1);
    }
}
