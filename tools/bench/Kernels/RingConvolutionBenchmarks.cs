using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Convolution of 64-bit words, 32→64 channels, 3×3 at 14×14: the larger one of the sample model.</summary>
public class RingConvolutionBenchmarks
{
    private readonly ConvolutionGeometry _geometry = LayerShapes.Convolution(32, 64, 14);
    private readonly ulong[] _input;
    private readonly ulong[] _weights;
    private readonly ulong[] _output;

    public RingConvolutionBenchmarks()
    {
        _input = [.. Enumerable.Range(0, _geometry.InputCount).Select(i => (ulong)i * 0x9E3779B97F4A7C15)];
        _weights = [.. LayerShapes.Weights(_geometry).Select(w => (ulong)w)];
        _output = new ulong[_geometry.OutputCount];
    }

    /// <summary>The definition: seven nested loops.</summary>
    [Benchmark(Baseline = true)]
    public void Naive() => NaiveConvolution.Apply<ulong>(_geometry, _input, _weights, _output);

    [Benchmark]
    public void Runtime() => RingConvolution.Apply(_geometry, _input, _weights, _output);
}
