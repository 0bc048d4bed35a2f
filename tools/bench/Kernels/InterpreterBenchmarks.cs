using BenchmarkDotNet.Attributes;
using PrivateInference.Benchmarks.EndToEnd;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>One Fashion-MNIST image through the sample model in the clear.</summary>
public class InterpreterBenchmarks
{
    private SampleModel _model = null!;
    private FixedPointInterpreter _interpreter = null!;
    private Tensor _image = null!;

    [GlobalSetup]
    public void Setup()
    {
        _model = SampleModel.Compile(Repository.Sample("fashion-mnist.onnx"));
        _interpreter = new FixedPointInterpreter(_model.Plan, _model.Weights);
        _image = _model.Images[0].Input;
    }

    [Benchmark(Baseline = true)]
    public IReadOnlyList<Tensor> Float() => FloatInterpreter.Run(_model.Graph, [_image]);

    [Benchmark]
    public DecodedOutput FixedPoint() => _interpreter.Infer(_image.Floats);
}
