using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>Convolution or matrix product with the server's private integer weights, plus its private bias at the output's scale.</summary>
public sealed record ConvolutionStep : PlanStep
{
    public required int Input { get; init; }

    public required ConvolutionGeometry Geometry { get; init; }

    /// <summary>Index of the weight tensor M×(C/groups)×kh×kw in the weight file.</summary>
    public required int Weight { get; init; }

    /// <summary>Index of the bias tensor [M] in the weight file, or null.</summary>
    public int? Bias { get; init; }

    public required RlweSettings Rlwe { get; init; }

    /// <summary>True where the model had a matrix product: it changes the report's wording only.</summary>
    public bool IsFullyConnected { get; init; }

    public override string Kind => IsFullyConnected ? "fully-connected" : "conv2d";

    public override ImmutableArray<int> Inputs => [Input];
}
