using System.Collections.Immutable;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Where the numbers of a linear layer lie in polynomial coefficients (Cheetah, Huang et al. 2022, section 4, unified for
/// convolutions and matrix products, with strides and padding resolved by <see cref="PolyphaseView"/>).
/// </summary>
/// <remarks>
/// <para>
/// The output is cut into patches; a patch reads an input window of H×W elements of each virtual channel, in a block of S
/// coefficients, in rows of P. A request polynomial holds C channels of one patch: channel c, element (i, j) at c·S + i·P + j. A
/// weight polynomial holds M output channels: output channel m, input channel c, tap offset (y, x) at
/// m·C·S + (C−1−c)·S + (Eh−1−y)·P + Ew−1−x. Their product has the output m, (i, j) at
/// m·C·S + (C−1)·S + (i+Eh−1)·P + j+Ew−1. Terms of output channel m−1 end below the first such position of channel m, and
/// with M·C·S ≤ N what wraps around ends below that of channel 0.
/// </para>
/// <para>
/// Any P ≥ W and S ≥ (H−1)·P + W with M·C·S ≤ N take as many ciphertexts. With both multiples of r, a power of two, a weight
/// polynomial is Σ X^k·v_k(X^r), one v_k of N/r coefficients for each of the Ew columns of tap offsets, and its transform
/// follows from theirs (<see cref="WeightLayout"/>). So they are multiples of the largest r that there is room for.
/// </para>
/// </remarks>
public sealed class ConvolutionPacking
{
    private readonly PolyphaseView _view;
    private readonly ConvolutionTiling _tiling;
    private readonly ImmutableArray<(int Phase, int Index)> _taps;
    private readonly int _windowHeight;
    private readonly int _windowWidth;
    private readonly int _patchRows;
    private readonly int _patchColumns;

    internal ConvolutionPacking(ConvolutionGeometry geometry, RlweSettings settings, int ringBits, ResponsePrecision precision)
    {
        Geometry = geometry;
        Settings = settings;
        RingBits = ringBits;
        Precision = precision;
        Parameters = RlweParameters.Get(settings.Degree, settings.PrimeCount);
        _view = new PolyphaseView(geometry);
        _tiling = TilingSearch.Best(geometry, settings, precision)
            ?? throw new PlanFormatException($"The layer's kernel spans more than the {settings.Degree} elements of a ciphertext.");
        _windowWidth = _tiling.Columns + _view.ExtentWidth - 1;
        _windowHeight = _tiling.Rows + _view.ExtentHeight - 1;
        Layout = WeightLayout.Best(_windowHeight, _windowWidth, _view, settings.Degree / (_tiling.InputChannels * _tiling.OutputChannels));
        _taps = LocateTaps();
        _patchRows = TilingSearch.CeilingDivide(geometry.OutputHeight, _tiling.Rows);
        _patchColumns = TilingSearch.CeilingDivide(geometry.OutputWidth, _tiling.Columns);
        InputTiles = TilingSearch.CeilingDivide(_view.Channels, _tiling.InputChannels);
        OutputTiles = TilingSearch.CeilingDivide(geometry.OutputChannels, _tiling.OutputChannels);
        Patches = geometry.Batch * _patchRows * _patchColumns;
        RequestBytes = Block.Size + ((long)Patches * InputTiles * Parameters.PolynomialBytes);
        ResponseBytes = new ResponseLayout(this).Bytes;
    }

    public ConvolutionGeometry Geometry { get; }

    public RlweSettings Settings { get; }

    public int RingBits { get; }

    public RlweParameters Parameters { get; }

    /// <summary>Bytes that the client sends for one evaluation of the layer.</summary>
    public long RequestBytes { get; }

    /// <summary>Bytes that the server answers.</summary>
    public long ResponseBytes { get; }

    internal ResponsePrecision Precision { get; }

    internal ConvolutionTiling Tiling => _tiling;

    /// <summary>Where a window's rows and blocks are, and what that makes of weight polynomials.</summary>
    internal WeightLayout Layout { get; }

    /// <summary>Distinct values of the parts of a weight polynomial modulo one prime.</summary>
    internal int WeightLength => Layout.Parts * (Parameters.Degree / Layout.Repetition);

    /// <summary>Windows of the output, over all images.</summary>
    internal int Patches { get; }

    /// <summary>Request ciphertexts of a patch.</summary>
    internal int InputTiles { get; }

    /// <summary>Response ciphertexts of a patch.</summary>
    internal int OutputTiles { get; }

    /// <summary>The packing that both parties derive from a plan's step.</summary>
    /// <exception cref="PlanFormatException">The settings do not fit the layer; see <see cref="NoiseBudget.Require"/>.</exception>
    public static ConvolutionPacking For(ConvolutionGeometry geometry, RlweSettings settings, int ringBits)
    {
        NoiseBudget.Require(geometry, settings, ringBits);
        return new ConvolutionPacking(geometry, settings, ringBits, NoiseBudget.Precision(geometry, settings, ringBits)!.Value);
    }

    /// <summary>Fills a request polynomial's N coefficients from the layer's input; padding and the rest are zero.</summary>
    internal void PackInput(ReadOnlySpan<ulong> input, int patch, int inputTile, Span<ulong> polynomial)
    {
        var (image, firstRow, firstColumn) = Locate(patch);
        polynomial.Clear();
        var firstChannel = inputTile * _tiling.InputChannels;
        var channels = Math.Min(_tiling.InputChannels, _view.Channels - firstChannel);
        for (var channel = 0; channel < channels; channel++)
        {
            for (var row = 0; row < _windowHeight; row++)
            {
                var elements = polynomial.Slice((channel * Layout.BlockSize) + (row * Layout.RowPitch), _windowWidth);
                for (var column = 0; column < elements.Length; column++)
                {
                    var source = _view.SourceIndex(image, firstChannel + channel, firstRow + row, firstColumn + column);
                    if (source >= 0)
                        elements[column] = input[source];
                }
            }
        }
    }

    /// <summary>The request ciphertexts that meet weights of a response ciphertext: all of them, or those of its groups.</summary>
    internal TileRange InputsOf(int outputTile) => TilingSearch.InputsOf(Geometry, _view, _tiling, outputTile);

    /// <summary>
    /// Fills the <see cref="WeightLength"/> coefficients of a weight polynomial's parts v_k, one after the other, from weights
    /// M×(C/groups)×kh×kw.
    /// </summary>
    /// <param name="weights">The layer's.</param>
    /// <param name="inputTile">Of the request ciphertext that it multiplies.</param>
    /// <param name="outputTile">Of the response ciphertext.</param>
    /// <param name="prime">Weights are reduced modulo it, to |w| &lt; p.</param>
    /// <param name="polynomial">Gets the coefficients.</param>
    internal void PackWeights(ReadOnlySpan<long> weights, int inputTile, int outputTile, ulong prime, Span<double> polynomial)
    {
        polynomial.Clear();
        var firstOutput = outputTile * _tiling.OutputChannels;
        var outputs = Math.Min(_tiling.OutputChannels, Geometry.OutputChannels - firstOutput);
        for (var output = 0; output < outputs; output++)
            PackRow(weights, inputTile, firstOutput + output, (long)prime, polynomial[(output * _tiling.InputChannels * Layout.BlockSize / Layout.Repetition)..]);
    }

    /// <summary>How many outputs a response ciphertext holds.</summary>
    internal int CountOutputs(int patch, int outputTile)
    {
        var (_, row, column) = Locate(patch);
        return Math.Min(_tiling.Rows, Geometry.OutputHeight - row)
            * Math.Min(_tiling.Columns, Geometry.OutputWidth - column)
            * Math.Min(_tiling.OutputChannels, Geometry.OutputChannels - (outputTile * _tiling.OutputChannels));
    }

    /// <summary>
    /// Lists the outputs of a response ciphertext: the coefficient that holds each and its index in the layer's output.
    /// Both spans have <see cref="CountOutputs"/> elements.
    /// </summary>
    internal void LocateOutputs(int patch, int outputTile, Span<int> coefficients, Span<int> indices)
    {
        var (image, firstRow, firstColumn) = Locate(patch);
        var firstOutput = outputTile * _tiling.OutputChannels;
        var outputs = Math.Min(_tiling.OutputChannels, Geometry.OutputChannels - firstOutput);
        var rows = Math.Min(_tiling.Rows, Geometry.OutputHeight - firstRow);
        var columns = Math.Min(_tiling.Columns, Geometry.OutputWidth - firstColumn);
        var next = 0;
        for (var output = 0; output < outputs; output++)
        {
            for (var row = 0; row < rows; row++)
            {
                var coefficient = (((output + 1) * _tiling.InputChannels) - 1) * Layout.BlockSize;
                coefficient += ((row + _view.ExtentHeight - 1) * Layout.RowPitch) + _view.ExtentWidth - 1;
                var index = (image * Geometry.OutputChannels) + firstOutput + output;
                index = (((index * Geometry.OutputHeight) + firstRow + row) * Geometry.OutputWidth) + firstColumn;
                for (var column = 0; column < columns; column++, next++)
                    (coefficients[next], indices[next]) = (coefficient + column, index + column);
            }
        }
    }

    /// <summary>Bytes of a response ciphertext with so many outputs.</summary>
    internal int CiphertextBytes(int outputs) =>
        ((outputs * Precision.BodyBits) + (Parameters.Degree * Precision.UniformBits) + 7) / 8;

    private void PackRow(ReadOnlySpan<long> weights, int inputTile, int output, long prime, Span<double> row)
    {
        var firstChannel = inputTile * _tiling.InputChannels;
        var lastChannel = Math.Min(firstChannel + _tiling.InputChannels, _view.Channels) - 1;
        var phases = _view.ChannelsPerGroup / Geometry.InputChannelsPerGroup;
        var groupStart = output / Geometry.OutputChannelsPerGroup * Geometry.InputChannelsPerGroup;
        var first = Math.Max(groupStart, firstChannel / phases);
        var last = Math.Min(groupStart + Geometry.InputChannelsPerGroup - 1, lastChannel / phases);
        var blockLength = Layout.BlockSize / Layout.Repetition;
        var reduces = Settings.WeightNormBits >= NttPrimes.Bits - 1; // no weight exceeds its row's norm
        for (var channel = first; channel <= last; channel++)
        {
            var taps = weights.Slice(((output * Geometry.InputChannelsPerGroup) + channel - groupStart) * _taps.Length, _taps.Length);
            for (var tap = 0; tap < taps.Length; tap++)
            {
                var virtualChannel = (channel * phases) + _taps[tap].Phase;
                if (virtualChannel < firstChannel || virtualChannel > lastChannel)
                    continue;
                var block = _tiling.InputChannels - 1 - (virtualChannel - firstChannel);
                row[(block * blockLength) + _taps[tap].Index] = reduces ? taps[tap] % prime : taps[tap];
            }
        }
    }

    /// <summary>Of each tap, its phase among a channel's virtual ones and its coefficient's index in a block's parts.</summary>
    private ImmutableArray<(int Phase, int Index)> LocateTaps()
    {
        var taps = ImmutableArray.CreateBuilder<(int, int)>(Geometry.KernelHeight * Geometry.KernelWidth);
        for (var y = 0; y < Geometry.KernelHeight; y++)
        {
            for (var x = 0; x < Geometry.KernelWidth; x++)
            {
                var (phase, row, column) = _view.Tap(0, y, x);
                var rowStart = (_view.ExtentHeight - 1 - row) * Layout.RowPitch;
                taps.Add((phase, Layout.IndexOf(rowStart, _view.ExtentWidth - 1 - column, Parameters.Degree)));
            }
        }

        return taps.MoveToImmutable();
    }

    private (int Image, int Row, int Column) Locate(int patch)
    {
        var (rest, column) = Math.DivRem(patch, _patchColumns);
        var (image, row) = Math.DivRem(rest, _patchRows);
        return (image, row * _tiling.Rows, column * _tiling.Columns);
    }
}
