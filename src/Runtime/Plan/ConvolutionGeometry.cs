namespace PrivateInference.Runtime.Plan;

/// <summary>
/// The shape of a two-dimensional convolution of an input N×C×H×W with weights M×(C/groups)×kh×kw.
/// A matrix product x[N, K]·W[K, M] is the case C = K, H = N, W = 1, kernel 1×1 in its transposed layout, or
/// N images of C = K, H = W = 1; an element-wise product with a constant is the depthwise 1×1 case.
/// </summary>
public sealed record ConvolutionGeometry
{
    public int Batch { get; init; } = 1;

    public required int InputChannels { get; init; }

    public required int InputHeight { get; init; }

    public required int InputWidth { get; init; }

    public required int OutputChannels { get; init; }

    public int KernelHeight { get; init; } = 1;

    public int KernelWidth { get; init; } = 1;

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int PadBottom { get; init; }

    public int PadRight { get; init; }

    public int Groups { get; init; } = 1;

    public int PaddedHeight => InputHeight + PadTop + PadBottom;

    public int PaddedWidth => InputWidth + PadLeft + PadRight;

    /// <summary>Rows that the dilated kernel spans.</summary>
    public int KernelExtentHeight => ((KernelHeight - 1) * DilationHeight) + 1;

    /// <summary>Columns that the dilated kernel spans.</summary>
    public int KernelExtentWidth => ((KernelWidth - 1) * DilationWidth) + 1;

    public int OutputHeight => ((PaddedHeight - KernelExtentHeight) / StrideHeight) + 1;

    public int OutputWidth => ((PaddedWidth - KernelExtentWidth) / StrideWidth) + 1;

    public int InputChannelsPerGroup => InputChannels / Groups;

    public int OutputChannelsPerGroup => OutputChannels / Groups;

    /// <summary>Products summed into one output element.</summary>
    public int Taps => InputChannelsPerGroup * KernelHeight * KernelWidth;

    public int InputCount => Batch * InputChannels * InputHeight * InputWidth;

    public int OutputCount => Batch * OutputChannels * OutputHeight * OutputWidth;

    public int WeightCount => OutputChannels * Taps;
}
