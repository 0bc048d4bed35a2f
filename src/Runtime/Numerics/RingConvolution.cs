using System.Buffers;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Convolution of 64-bit words modulo 2^64: grouped, strided, dilated, padded, batched. Both parties and the interpreter
/// use it; its memory accesses depend on the geometry alone.
/// </summary>
/// <remarks>
/// Sixteen output positions at a time are gathered into a panel [taps × 16] (im2col in slices that stay in cache), which
/// all weight rows then multiply. Layers with few positions, such as fully connected ones, take dot products instead.
/// </remarks>
public static class RingConvolution
{
    private const int MinimumPanelPositions = 4;

    /// <summary>output[N, M, OH, OW] = weights[M, C/groups, kh, kw] ∗ input[N, C, H, W] (cross-correlation) modulo 2^64.</summary>
    /// <exception cref="ArgumentException">A span's length does not fit the geometry.</exception>
    public static void Apply(
        ConvolutionGeometry geometry, ReadOnlySpan<ulong> input, ReadOnlySpan<ulong> weights, Span<ulong> output)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (input.Length != geometry.InputCount || weights.Length != geometry.WeightCount || output.Length != geometry.OutputCount)
            throw new ArgumentException($"{input.Length} inputs, {weights.Length} weights and {output.Length} outputs do not fit the convolution.", nameof(input));
        int positions = geometry.OutputHeight * geometry.OutputWidth;
        bool dense = geometry.PaddedHeight * geometry.PaddedWidth == geometry.InputHeight * geometry.InputWidth;
        int imageLength = geometry.InputChannels * geometry.PaddedHeight * geometry.PaddedWidth;
        ulong[] padded = ArrayPool<ulong>.Shared.Rent(dense ? 0 : imageLength);
        ulong[] panel = ArrayPool<ulong>.Shared.Rent(geometry.Taps * (positions < MinimumPanelPositions ? 1 : RingPanel.Width));
        int[] offsets = TapOffsets(geometry);
        for (int n = 0; n < geometry.Batch; n++)
        {
            ReadOnlySpan<ulong> image = input.Slice(n * geometry.InputCount / geometry.Batch, geometry.InputCount / geometry.Batch);
            if (!dense)
                image = PadImage(geometry, image, padded.AsSpan(0, imageLength));
            Span<ulong> result = output.Slice(n * geometry.OutputChannels * positions, geometry.OutputChannels * positions);
            for (int group = 0; group < geometry.Groups; group++)
                ApplyGroup(geometry, group, offsets, image, weights, panel, result);
        }

        // Shares and activations pass through these buffers, so they are not handed on filled.
        ArrayPool<ulong>.Shared.Return(padded, clearArray: true);
        ArrayPool<ulong>.Shared.Return(panel, clearArray: true);
    }

    /// <summary>output[n, m, …] += bias[m] modulo 2^64.</summary>
    public static void AddBias(ConvolutionGeometry geometry, ReadOnlySpan<ulong> bias, Span<ulong> output)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        int positions = geometry.OutputHeight * geometry.OutputWidth;
        for (int plane = 0; plane < geometry.Batch * geometry.OutputChannels; plane++)
        {
            ulong addend = bias[plane % geometry.OutputChannels];
            foreach (ref ulong word in output.Slice(plane * positions, positions))
                word += addend;
        }
    }

    private static void ApplyGroup(
        ConvolutionGeometry geometry, int group, int[] offsets, ReadOnlySpan<ulong> image,
        ReadOnlySpan<ulong> weights, ulong[] panelBuffer, Span<ulong> result)
    {
        int positions = geometry.OutputHeight * geometry.OutputWidth, taps = geometry.Taps, rows = geometry.OutputChannelsPerGroup;
        ReadOnlySpan<ulong> channels = image[(group * geometry.InputChannelsPerGroup * geometry.PaddedHeight * geometry.PaddedWidth)..];
        ReadOnlySpan<ulong> groupWeights = weights.Slice(group * rows * taps, rows * taps);
        Span<ulong> groupResult = result.Slice(group * rows * positions, rows * positions);
        if (positions < MinimumPanelPositions)
        {
            Span<ulong> column = panelBuffer.AsSpan(0, taps);
            for (int p = 0; p < positions; p++)
            {
                int origin = Origin(geometry, p);
                for (int k = 0; k < taps; k++)
                    column[k] = channels[origin + offsets[k]];
                for (int row = 0; row < rows; row++)
                    groupResult[(row * positions) + p] = RingPanel.Dot(groupWeights.Slice(row * taps, taps), column);
            }

            return;
        }

        Span<ulong> panel = panelBuffer.AsSpan(0, taps * RingPanel.Width);
        for (int first = 0; first < positions; first += RingPanel.Width)
        {
            Gather(geometry, first, positions, offsets, channels, panel);
            RingPanel.Multiply(groupWeights, panel, rows, taps, groupResult[first..], positions, Math.Min(RingPanel.Width, positions - first));
        }
    }

    /// <summary>panel[k, p] = the input under tap k at output position first + p; positions past the end repeat the last.</summary>
    private static void Gather(
        ConvolutionGeometry geometry, int first, int positions, int[] offsets, ReadOnlySpan<ulong> channels, Span<ulong> panel)
    {
        Span<int> origins = stackalloc int[RingPanel.Width];
        for (int p = 0; p < origins.Length; p++)
            origins[p] = Origin(geometry, Math.Min(first + p, positions - 1));
        for (int k = 0; k < offsets.Length; k++)
        {
            ReadOnlySpan<ulong> source = channels[offsets[k]..];
            Span<ulong> row = panel.Slice(k * RingPanel.Width, RingPanel.Width);
            for (int p = 0; p < origins.Length; p++)
                row[p] = source[origins[p]];
        }
    }

    /// <summary>Index of the padded plane's element under the kernel's first tap at an output position.</summary>
    private static int Origin(ConvolutionGeometry geometry, int position)
    {
        (int y, int x) = Math.DivRem(position, geometry.OutputWidth);
        return (y * geometry.StrideHeight * geometry.PaddedWidth) + (x * geometry.StrideWidth);
    }

    private static int[] TapOffsets(ConvolutionGeometry geometry)
    {
        int[] offsets = new int[geometry.Taps];
        int k = 0;
        for (int c = 0; c < geometry.InputChannelsPerGroup; c++)
        {
            for (int y = 0; y < geometry.KernelHeight; y++)
            {
                int row = (c * geometry.PaddedHeight) + (y * geometry.DilationHeight);
                for (int x = 0; x < geometry.KernelWidth; x++)
                    offsets[k++] = (row * geometry.PaddedWidth) + (x * geometry.DilationWidth);
            }
        }

        return offsets;
    }

    private static ReadOnlySpan<ulong> PadImage(ConvolutionGeometry geometry, ReadOnlySpan<ulong> image, Span<ulong> padded)
    {
        padded.Clear();
        for (int c = 0; c < geometry.InputChannels; c++)
        {
            for (int y = 0; y < geometry.InputHeight; y++)
            {
                int target = ((((c * geometry.PaddedHeight) + geometry.PadTop + y) * geometry.PaddedWidth) + geometry.PadLeft);
                image.Slice(((c * geometry.InputHeight) + y) * geometry.InputWidth, geometry.InputWidth).CopyTo(padded[target..]);
            }
        }

        return padded;
    }
}
