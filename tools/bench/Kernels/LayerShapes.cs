using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Layers that the literature reports, by the name that tables show.</summary>
internal static class LayerShapes
{
    /// <summary>The ring that two-party systems usually report: 37 bits.</summary>
    public const int RingBits = 37;

    public static IReadOnlyDictionary<string, ConvolutionGeometry> All { get; } = new Dictionary<string, ConvolutionGeometry>(StringComparer.Ordinal)
    {
        ["conv 64→64 3×3 at 32²"] = Convolution(64, 64, 32),
        ["conv 64→64 3×3 at 16²"] = Convolution(64, 64, 16),
        ["conv 64→64 3×3 at 8²"] = Convolution(64, 64, 8),
        ["fc 1024→10"] = FullyConnected(1024, 10),
        ["fc 2048→1000"] = FullyConnected(2048, 1000),
    };

    public static ConvolutionGeometry Convolution(int inputs, int outputs, int size) => new()
    {
        InputChannels = inputs,
        InputHeight = size,
        InputWidth = size,
        OutputChannels = outputs,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };

    /// <summary>Deterministic signed 8-bit weights; their values do not influence any time.</summary>
    public static long[] Weights(ConvolutionGeometry geometry)
        => [.. Enumerable.Range(0, geometry.WeightCount).Select(i => (long)(((i * 2654435761L) >> 8) & 255) - 128)];

    /// <summary>⌈log2⌉ of the largest norm that a row of <see cref="Weights"/> can have.</summary>
    public static int WeightNormBits(ConvolutionGeometry geometry) => 7 + (int)Math.Ceiling(Math.Log2(geometry.Taps) / 2);

    private static ConvolutionGeometry FullyConnected(int inputs, int outputs)
        => new() { InputChannels = inputs, InputHeight = 1, InputWidth = 1, OutputChannels = outputs };
}
