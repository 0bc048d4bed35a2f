using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>How quantisation errors pass through linear steps.</summary>
internal static class ErrorAnalysis
{
    /// <summary>
    /// Per output channel: ŵ·x̂ − w·x = ŵ·(x̂ − x) + (ŵ − w)·x, so |error| ≤ Σ|ŵ|·error(x) + Σ|ŵ − w|·max|x| + half a unit
    /// of the bias.
    /// </summary>
    public static double[] Convolution(RealConvolution step, long[] integers, DraftValue input, FixedScale outputScale)
    {
        ConvolutionGeometry g = step.Geometry;
        ChannelMap map = new(g.InputChannels, g.InputHeight * g.InputWidth);
        double[] inputError = input.ErrorUnder(map);
        Interval[] inputRange = input.Range.Under(map, input.Shape.Count);
        double weightScale = outputScale.Value / input.Scale.Value;
        int area = g.KernelHeight * g.KernelWidth;
        double[] error = new double[g.OutputChannels];
        for (int m = 0; m < error.Length; m++)
        {
            error[m] = 0.5 / outputScale.Value;
            int firstChannel = m / g.OutputChannelsPerGroup * g.InputChannelsPerGroup;
            for (int k = 0; k < g.Taps; k++)
            {
                int c = firstChannel + (k / area), i = (m * g.Taps) + k;
                double quantized = integers[i] / weightScale;
                error[m] += (Math.Abs(quantized) * inputError[c]) + (Math.Abs(quantized - step.Weights[i]) * inputRange[c].Magnitude);
            }
        }

        return error;
    }
}
