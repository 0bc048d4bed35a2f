using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan.Verification;

/// <summary>Windows of convolutions and pools, in arithmetic that cannot overflow.</summary>
internal static class GeometryVerifier
{
    public static void Require(ConvolutionStep step, PlanValue input, PlanValue output)
    {
        ConvolutionGeometry g = step.Geometry;
        Positive(step, g.Batch, g.InputChannels, g.InputHeight, g.InputWidth, g.OutputChannels, g.Groups);
        Window(step, g.KernelHeight, g.StrideHeight, g.DilationHeight, g.PadTop, g.PadBottom);
        Window(step, g.KernelWidth, g.StrideWidth, g.DilationWidth, g.PadLeft, g.PadRight);
        Fits(step, g.InputChannels % g.Groups == 0 && g.OutputChannels % g.Groups == 0);
        long extentHeight = Extent(g.KernelHeight, g.DilationHeight), extentWidth = Extent(g.KernelWidth, g.DilationWidth);
        long height = (long)g.InputHeight + g.PadTop + g.PadBottom, width = (long)g.InputWidth + g.PadLeft + g.PadRight;
        Fits(step, extentHeight <= height && extentWidth <= width);
        Fits(step, Product(g.InputChannels, height, width) <= PlanLimits.TensorElements);
        Fits(step, Product(g.OutputChannels, g.InputChannelsPerGroup, g.KernelHeight, g.KernelWidth) <= PlanLimits.TensorElements);
        Fits(step, Product(g.Batch, g.InputChannels, g.InputHeight, g.InputWidth) == input.Count);
        Fits(step, Product(g.Batch, g.OutputChannels, g.OutputHeight, g.OutputWidth) == output.Count);
        Fits(step, Product(g.InputChannelsPerGroup, g.KernelHeight, g.KernelWidth) <= PlanLimits.Taps);
    }

    public static void Require(PlanStep step, PoolGeometry pool, PlanValue input, PlanValue output, bool needsElements)
    {
        Positive(step, pool.Planes, pool.InputHeight, pool.InputWidth, pool.OutputHeight, pool.OutputWidth);
        Window(step, pool.KernelHeight, pool.StrideHeight, pool.DilationHeight, pool.PadTop, 0);
        Window(step, pool.KernelWidth, pool.StrideWidth, pool.DilationWidth, pool.PadLeft, 0);
        Fits(step, Product(pool.Planes, pool.InputHeight, pool.InputWidth) == input.Count);
        Fits(step, Product(pool.Planes, pool.OutputHeight, pool.OutputWidth) == output.Count);
        Fits(step, Product(pool.KernelHeight, pool.KernelWidth) <= PlanLimits.TensorElements);
        Reachable(step, pool.OutputHeight, pool.StrideHeight, pool.PadTop, Extent(pool.KernelHeight, pool.DilationHeight));
        Reachable(step, pool.OutputWidth, pool.StrideWidth, pool.PadLeft, Extent(pool.KernelWidth, pool.DilationWidth));
        for (int y = 0; needsElements && y < pool.OutputHeight; y++)
            Fits(step, PoolWindow.At(pool, y, 0).Rows > 0);
        for (int x = 0; needsElements && x < pool.OutputWidth; x++)
            Fits(step, PoolWindow.At(pool, 0, x).Columns > 0);
    }

    private static void Positive(PlanStep step, params ReadOnlySpan<int> sizes)
    {
        foreach (int size in sizes)
            Check.That(size >= 1, $"Step '{step.Name}' has a size of {size}.");
    }

    private static void Window(PlanStep step, int kernel, int stride, int dilation, int padBegin, int padEnd)
    {
        Positive(step, kernel, stride, dilation);
        foreach (int size in (ReadOnlySpan<int>)[kernel, stride, dilation, padBegin, padEnd])
            Check.That(size is >= 0 and <= PlanLimits.WindowExtent, $"Step '{step.Name}' has a window with a size of {size}.");
    }

    /// <summary>The last window's end stays within 32-bit indices.</summary>
    private static void Reachable(PlanStep step, int outputs, int stride, int pad, long extent)
        => Fits(step, ((outputs - 1L) * stride) + pad + extent <= int.MaxValue);

    private static long Extent(int kernel, int dilation) => ((kernel - 1L) * dilation) + 1;

    /// <summary>The product of positive factors; above the element limit it stops growing.</summary>
    private static long Product(params ReadOnlySpan<long> factors)
    {
        long product = 1;
        foreach (long factor in factors)
            product = Math.Min(product, PlanLimits.TensorElements + 1L) * factor;
        return product;
    }

    private static void Fits(PlanStep step, bool fits)
        => Check.That(fits, $"The geometry of step '{step.Name}' does not fit its values.");
}
