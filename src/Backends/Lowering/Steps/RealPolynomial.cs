using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Σ c_k·x^k, element-wise, of degree 2 or more.</summary>
internal sealed record RealPolynomial : RealStep
{
    public required int Input { get; init; }

    public required int Degree { get; init; }

    /// <summary>Which coefficients an element has.</summary>
    public required ChannelMap Channels { get; init; }

    /// <summary>For each channel degree + 1 numbers, ascending powers.</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>The graph's value that it reads.</summary>
    public required Value Argument { get; init; }

    /// <summary>The interval it was fitted on; null where that is not known.</summary>
    public Interval? Fitted { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };

    /// <summary>The coefficients of a channel.</summary>
    public ReadOnlySpan<double> Of(int channel) => Coefficients.AsSpan(channel * (Degree + 1), Degree + 1);

    /// <summary>The coarsest map at hand that tells apart both channels of coefficients and those of <paramref name="input"/>.</summary>
    public ChannelMap Join(ChannelMap input) => Channels.Channels == 1 || input == Channels ? input : ChannelMap.PerElement(Shape.Count);

    /// <summary>The channel of coefficients that the elements of a channel of <see cref="Join"/>'s map have.</summary>
    public int CoefficientsOf(ChannelMap joined, int channel) => joined == Channels ? channel : Channels.ChannelOf(Channels.Channels == 1 ? 0 : channel);
}
