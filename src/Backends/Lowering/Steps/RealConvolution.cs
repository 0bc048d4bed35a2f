using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Convolution, matrix product or product with a constant; weights M×(C/groups)×kh×kw.</summary>
internal sealed record RealConvolution : RealStep
{
    public required int Input { get; init; }

    public required ConvolutionGeometry Geometry { get; init; }

    public required float[] Weights { get; init; }

    /// <summary>One element per output channel.</summary>
    public required double[] Bias { get; init; }

    /// <summary>Whether the weights are a quantised model's own integers, which the plan uses as they are.</summary>
    public bool HasIntegerWeights { get; init; }

    /// <summary>Whether an integer is rounded from the result, so that the weights take part in a requantisation.</summary>
    public bool IsRequantized { get; init; }

    /// <summary>Whether the result is added to a value of weight 1, so that finer weights than that one has are of no use.</summary>
    public bool IsSlope { get; init; }

    /// <summary>Whether this only multiplies by one number, which the steps before may do instead.</summary>
    public bool IsRescaling => Factor != 0;

    /// <summary>The number of a rescaling, in double precision; else 0.</summary>
    public double Factor { get; init; }

    public bool IsFullyConnected { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
