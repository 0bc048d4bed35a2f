using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Convolution of integers, which wraps around at the width of their type. Quantised models only; plain loops.</summary>
internal static class IntegerConvolution
{
    public static Tensor Conv(Conv op, Tensor x, Tensor weight, Tensor? bias, TensorType type)
    {
        ReadOnlySpan<int> sizes = x.Shape.Dimensions.AsSpan()[2..], outputs = type.Shape.Dimensions.AsSpan()[2..];
        int channels = weight.Shape[1], filters = type.Shape[1], filtersPerGroup = filters / op.Groups;
        int image = new Shape(sizes).Count, positions = new Shape(outputs).Count, taps = new Shape(op.Window.Kernel.AsSpan()).Count;
        int[][] sources = Sources(op.Window, sizes, outputs, positions, taps);
        ReadOnlySpan<long> source = x.Integers, weights = weight.Integers;
        long[] result = new long[type.Shape.Count];
        for (int plane = 0; plane < x.Shape[0] * filters; plane++)
        {
            int filter = plane % filters, firstChannel = (plane / filters * x.Shape[1]) + (filter / filtersPerGroup * channels);
            for (int position = 0; position < positions; position++)
            {
                long sum = bias?.Integers[filter] ?? 0;
                for (int channel = 0; channel < channels; channel++)
                {
                    ReadOnlySpan<long> pixels = source.Slice((firstChannel + channel) * image, image);
                    ReadOnlySpan<long> kernel = weights.Slice(((filter * channels) + channel) * taps, taps);
                    sum += Dot(pixels, sources[position], kernel);
                }

                result[(plane * positions) + position] = ElementwiseKernels.Wrap(sum, type.Element);
            }
        }

        return Tensor.FromIntegers(type, result);
    }

    private static long Dot(ReadOnlySpan<long> pixels, int[] sources, ReadOnlySpan<long> kernel)
    {
        long sum = 0;
        for (int tap = 0; tap < sources.Length; tap++)
            sum += sources[tap] < 0 ? 0 : pixels[sources[tap]] * kernel[tap];
        return sum;
    }

    /// <summary>For each output position and tap the pixel it reads, −1 in the padding.</summary>
    private static int[][] Sources(SpatialWindow window, ReadOnlySpan<int> sizes, ReadOnlySpan<int> outputs, int positions, int taps)
    {
        int[][] sources = new int[positions][];
        for (int position = 0; position < positions; position++)
        {
            sources[position] = new int[taps];
            for (int tap = 0; tap < taps; tap++)
                sources[position][tap] = Source(window, sizes, outputs, position, tap);
        }

        return sources;
    }

    private static int Source(SpatialWindow window, ReadOnlySpan<int> sizes, ReadOnlySpan<int> outputs, int position, int tap)
    {
        int source = 0, stride = 1;
        for (int axis = window.Rank - 1; axis >= 0; axis--)
        {
            int at = (position % outputs[axis] * window.Strides[axis]) + (tap % window.Kernel[axis] * window.Dilations[axis]) - window.PadBegin(axis);
            if (at < 0 || at >= sizes[axis])
                return -1;
            source += at * stride;
            stride *= sizes[axis];
            position /= outputs[axis];
            tap /= window.Kernel[axis];
        }

        return source;
    }
}
