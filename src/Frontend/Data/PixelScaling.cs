using System.Collections.Immutable;

namespace PrivateInference.Frontend.Data;

/// <summary>What becomes of pixel bytes: (byte / Divisor − mean) / deviation, with a mean and a deviation per channel.</summary>
/// <param name="Divisor">255 for values from 0 to 1, 1 for values from 0 to 255.</param>
public sealed record PixelScaling(float Divisor)
{
    /// <summary>Divided by 255: values from 0 to 1.</summary>
    public static PixelScaling Unit { get; } = new(255);

    /// <summary>Kept: values from 0 to 255.</summary>
    public static PixelScaling Raw { get; } = new(1);

    /// <summary>In the units of the divided values; one for all channels or one for each. Empty is 0.</summary>
    public ImmutableArray<float> Mean { get; init; } = [];

    /// <inheritdoc cref="Mean"/>
    /// <remarks>Empty is 1.</remarks>
    public ImmutableArray<float> Deviation { get; init; } = [];

    /// <summary>The value of a pixel.</summary>
    /// <param name="pixel">0 to 255.</param>
    /// <param name="channel">The channel it belongs to.</param>
    public float Apply(float pixel, int channel) => ((pixel / Divisor) - At(Mean, channel, 0)) / At(Deviation, channel, 1);

    /// <exception cref="DataFormatException">Means or deviations are for another number of channels, or a deviation is not positive.</exception>
    internal void Require(int channels)
    {
        foreach (ImmutableArray<float> parameters in new[] { Mean, Deviation })
        {
            if (parameters.Length > 1 && parameters.Length != channels)
                throw new DataFormatException($"{parameters.Length} means or deviations are given, and the model takes {channels} channels.");
        }

        if (Deviation.Any(d => !(d > 0)))
            throw new DataFormatException("a standard deviation must be positive.");
    }

    private static float At(ImmutableArray<float> parameters, int channel, float absent)
        => parameters.Length == 0 ? absent : parameters[parameters.Length == 1 ? 0 : channel];
}
