using BenchmarkDotNet.Attributes;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>The float interpreter's convolution, 32→64 channels, 3×3 at 14×14.</summary>
public class FloatConvolutionBenchmarks
{
    private readonly ConvolutionGeometry _geometry = LayerShapes.Convolution(32, 64, 14);
    private readonly Conv _operation = new(SpatialWindow.Create([3, 3], pad: 1));
    private readonly Tensor _input;
    private readonly Tensor _weights;
    private readonly float[] _output;

    public FloatConvolutionBenchmarks()
    {
        _input = Tensor.FromFloats(new Shape([1, 32, 14, 14]), [.. Enumerable.Range(0, _geometry.InputCount).Select(i => i % 255 / 255f)]);
        _weights = Tensor.FromFloats(new Shape([64, 32, 3, 3]), [.. LayerShapes.Weights(_geometry).Select(w => w / 1024f)]);
        _output = new float[_geometry.OutputCount];
    }

    /// <summary>The definition: seven nested loops.</summary>
    [Benchmark(Baseline = true)]
    public void Naive() => NaiveConvolution.Apply(_geometry, _input.Floats, _weights.Floats, _output);

    [Benchmark]
    public Tensor Interpreter() => FloatInterpreter.Evaluate(_operation, [_input, _weights]);
}
