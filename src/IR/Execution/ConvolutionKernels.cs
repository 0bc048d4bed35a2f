using System.Buffers;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>
/// Convolution over any number of spatial axes as a matrix product of the weights with the unrolled input (im2col). The
/// unrolled matrix is made one panel of output positions at a time, which stays in the first-level cache.
/// </summary>
internal static class ConvolutionKernels
{
    public static Tensor Conv(Conv op, Tensor x, Tensor weight, Tensor? bias, TensorType type) => type.IsFloat
        ? ConvFloats(op, x, weight, bias, type)
        : IntegerConvolution.Conv(op, x, weight, bias, type);

    private static Tensor ConvFloats(Conv op, Tensor x, Tensor weight, Tensor? bias, TensorType type)
    {
        int batch = x.Shape[0], channels = x.Shape[1] / op.Groups, filters = type.Shape[1] / op.Groups;
        SpatialWindow window = op.Window;
        ReadOnlySpan<int> inputSizes = x.Shape.Dimensions.AsSpan()[2..], outputSizes = type.Shape.Dimensions.AsSpan()[2..];
        Shape padded = PaddedGroup(channels, inputSizes, window);
        int[] strides = padded.Strides();
        int[] taps = Offsets.Table(
            [channels, .. window.Kernel.AsSpan()], [strides[0], .. Scaled(strides.AsSpan(1), window.Dilations)]);
        int[] positions = Offsets.Table(outputSizes, Scaled(strides.AsSpan(1), window.Strides));

        float[] result = new float[type.Shape.Count];
        float[] group = new float[padded.Count];
        int groupInput = channels * new Shape(inputSizes).Count, groupOutput = filters * positions.Length;
        for (int block = 0; block < batch * op.Groups; block++)
        {
            int firstFilter = block % op.Groups * filters;
            Span<float> output = result.AsSpan(block * groupOutput, groupOutput);
            if (bias != null)
                FillRows(output, bias.Floats.Slice(firstFilter, filters));
            CopyIntoPadding(x.Floats.Slice(block * groupInput, groupInput), [channels, .. inputSizes], group, strides, window);
            Correlate(weight.Floats.Slice(firstFilter * taps.Length, filters * taps.Length), filters, group, taps, positions, output);
        }

        return Tensor.FromFloats(type, result);
    }

    /// <summary>output[filter, position] += Σ_tap weight[filter, tap]·group[taps[tap] + positions[position]]</summary>
    private static void Correlate(
        ReadOnlySpan<float> weight, int filters, ReadOnlySpan<float> group, int[] taps, int[] positions, Span<float> output)
    {
        int width = Gemm.PanelWidth;
        float[] panel = ArrayPool<float>.Shared.Rent(taps.Length * width);
        for (int first = 0; first < positions.Length; first += width)
        {
            ReadOnlySpan<int> columns = positions.AsSpan(first, Math.Min(width, positions.Length - first));
            for (int tap = 0; tap < taps.Length; tap++)
                Unroll(group[taps[tap]..], columns, panel.AsSpan(tap * width, width));
            Gemm.AccumulatePanel(weight, filters, taps.Length, panel, output[first..], positions.Length, columns.Length);
        }

        ArrayPool<float>.Shared.Return(panel);
    }

    private static void Unroll(ReadOnlySpan<float> source, ReadOnlySpan<int> columns, Span<float> row)
    {
        if (columns[^1] - columns[0] == columns.Length - 1)
        {
            source.Slice(columns[0], columns.Length).CopyTo(row);
        }
        else
        {
            for (int i = 0; i < columns.Length; i++)
                row[i] = source[columns[i]];
        }

        row[columns.Length..].Clear();
    }

    private static Shape PaddedGroup(int channels, ReadOnlySpan<int> sizes, SpatialWindow window)
    {
        int[] dimensions = [channels, .. sizes];
        for (int axis = 0; axis < sizes.Length; axis++)
            dimensions[axis + 1] = Shape.Dimension((long)sizes[axis] + window.PadBegin(axis) + window.PadEnd(axis));
        return new Shape(dimensions);
    }

    /// <summary>Only the inside is written: the border of <paramref name="target"/> stays zero from block to block.</summary>
    private static void CopyIntoPadding(
        ReadOnlySpan<float> source, ReadOnlySpan<int> sizes, Span<float> target, int[] strides, SpatialWindow window)
    {
        int offset = 0;
        for (int axis = 0; axis < window.Rank; axis++)
            offset += window.PadBegin(axis) * strides[axis + 1];
        StridedView.Copy(source, StridedView.Of(new Shape(sizes)), target, new StridedView(offset, strides), sizes);
    }

    private static void FillRows(Span<float> rows, ReadOnlySpan<float> values)
    {
        int length = rows.Length / Math.Max(values.Length, 1);
        for (int row = 0; row < values.Length; row++)
            rows.Slice(row * length, length).Fill(values[row]);
    }

    private static int[] Scaled(ReadOnlySpan<int> strides, IntVector factors)
    {
        int[] scaled = strides.ToArray();
        for (int axis = 0; axis < scaled.Length; axis++)
            scaled[axis] *= factors[axis];
        return scaled;
    }
}
