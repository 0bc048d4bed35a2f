using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// A convolution as one of stride 1 without padding or dilation. An image of stride s×s splits into phases, x[s·i + a,
/// s·j + b] for each (a, b) that a tap reads; each phase of each channel becomes a virtual channel, padding becomes zeros
/// of the virtual image, and a tap becomes an offset in its phase. Elements that no output reads are left out.
/// </summary>
internal sealed class PolyphaseView
{
    private readonly ConvolutionGeometry _geometry;
    private readonly ImmutableArray<int> _rowPhases;
    private readonly ImmutableArray<int> _columnPhases;

    public PolyphaseView(ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        _rowPhases = Phases(geometry.KernelHeight, geometry.DilationHeight, geometry.StrideHeight);
        _columnPhases = Phases(geometry.KernelWidth, geometry.DilationWidth, geometry.StrideWidth);
        ExtentHeight = ((geometry.KernelExtentHeight - 1) / geometry.StrideHeight) + 1;
        ExtentWidth = ((geometry.KernelExtentWidth - 1) / geometry.StrideWidth) + 1;
    }

    /// <summary>Virtual channels: input channels times phases, phases of one channel side by side.</summary>
    public int Channels => _geometry.InputChannels * PhasesPerChannel;

    public int ChannelsPerGroup => _geometry.InputChannelsPerGroup * PhasesPerChannel;

    /// <summary>Rows of a virtual image that an output reads, one of them per offset.</summary>
    public int ExtentHeight { get; }

    /// <summary>Columns of a virtual image that an output reads.</summary>
    public int ExtentWidth { get; }

    private int PhasesPerChannel => _rowPhases.Length * _columnPhases.Length;

    /// <summary>The input element at a place of a virtual channel, or −1 where padding or nothing is.</summary>
    public int SourceIndex(int image, int virtualChannel, int row, int column)
    {
        var (channel, phase) = Math.DivRem(virtualChannel, PhasesPerChannel);
        var y = (row * _geometry.StrideHeight) + _rowPhases[phase / _columnPhases.Length] - _geometry.PadTop;
        var x = (column * _geometry.StrideWidth) + _columnPhases[phase % _columnPhases.Length] - _geometry.PadLeft;
        if (y < 0 || y >= _geometry.InputHeight || x < 0 || x >= _geometry.InputWidth)
            return -1;
        return (((((image * _geometry.InputChannels) + channel) * _geometry.InputHeight) + y) * _geometry.InputWidth) + x;
    }

    /// <summary>The virtual channel, and the offset in it, that a tap of a channel reads.</summary>
    public (int VirtualChannel, int Row, int Column) Tap(int channel, int kernelRow, int kernelColumn)
    {
        var (row, rowPhase) = Math.DivRem(kernelRow * _geometry.DilationHeight, _geometry.StrideHeight);
        var (column, columnPhase) = Math.DivRem(kernelColumn * _geometry.DilationWidth, _geometry.StrideWidth);
        var phase = (_rowPhases.IndexOf(rowPhase) * _columnPhases.Length) + _columnPhases.IndexOf(columnPhase);
        return ((channel * PhasesPerChannel) + phase, row, column);
    }

    private static ImmutableArray<int> Phases(int taps, int dilation, int stride) =>
        [.. Enumerable.Range(0, taps).Select(tap => tap * dilation % stride).Distinct().Order()];
}
