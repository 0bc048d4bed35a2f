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

    public bool IsFullyConnected { get; init; }

    public override ImmutableArray<int> Inputs => [Input];
}
