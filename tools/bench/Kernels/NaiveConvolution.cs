using System.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Convolution as its definition says, for one image and one group: the baseline of the fast ones.</summary>
internal static class NaiveConvolution
{
    public static void Apply<T>(ConvolutionGeometry g, ReadOnlySpan<T> input, ReadOnlySpan<T> weights, Span<T> output)
        where T : INumberBase<T>
    {
        int next = 0;
        for (int m = 0; m < g.OutputChannels; m++)
        {
            for (int y = 0; y < g.OutputHeight; y++)
            {
                for (int x = 0; x < g.OutputWidth; x++)
                    output[next++] = Element(g, input, weights.Slice(m * g.Taps, g.Taps), y - g.PadTop, x - g.PadLeft);
            }
        }
    }

    private static T Element<T>(ConvolutionGeometry g, ReadOnlySpan<T> input, ReadOnlySpan<T> weights, int top, int left)
        where T : INumberBase<T>
    {
        T sum = T.Zero;
        int tap = 0;
        for (int c = 0; c < g.InputChannels; c++)
        {
            for (int y = top; y < top + g.KernelHeight; y++)
            {
                for (int x = left; x < left + g.KernelWidth; x++, tap++)
                {
                    if ((uint)y < (uint)g.InputHeight && (uint)x < (uint)g.InputWidth)
                        sum += weights[tap] * input[(((c * g.InputHeight) + y) * g.InputWidth) + x];
                }
            }
        }

        return sum;
    }
}
