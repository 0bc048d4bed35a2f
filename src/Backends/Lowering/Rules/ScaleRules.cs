using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>What happens to the view of a value (<see cref="SecretView"/>) on its way through the graph.</summary>
internal static class ScaleRules
{
    /// <summary>f(a·x) = a·f(x) for a &gt; 0: the result has its operand's factor.</summary>
    public static bool CommutesWithFactor(Operation operation) => CommutesWithOffset(operation)
        || operation is Relu or LeakyRelu or PRelu or Unary { Kind: UnaryKind.Abs } or Clip or AveragePool or Reduce { Kind: ReduceKind.Mean or ReduceKind.Sum } or Pad { Value: 0 };

    /// <summary>f(a·x + b) = a·f(x) + b for a &gt; 0: the result has its operand's view.</summary>
    public static bool CommutesWithOffset(Operation operation)
        => operation is Identity or Dropout or Reshape or Transpose or Slice or Gather or MaxPool or Reduce { Kind: ReduceKind.Max };

    /// <summary>A step's value times a number: a convolution of one channel and one tap.</summary>
    public static RealConvolution Rescale(RealStep step, string name, int input, double factor) => new()
    {
        Name = name,
        Shape = step.Shape,
        Source = step.Source,
        SourceUnit = step.SourceUnit / factor,
        Input = input,
        Geometry = new ConvolutionGeometry { Batch = 1, InputChannels = 1, InputHeight = 1, InputWidth = step.Shape.Count, OutputChannels = 1 },
        Weights = [(float)factor],
        Bias = new double[1],
        Factor = factor,
        IsRequantized = true,
        IsFullyConnected = true,
    };
}
