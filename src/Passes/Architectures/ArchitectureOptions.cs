namespace PrivateInference.Passes.Architectures;

/// <summary>What may vary in an architecture of the <see cref="ArchitectureCatalog"/>.</summary>
public sealed record ArchitectureOptions
{
    public static ArchitectureOptions Default { get; } = new();

    /// <summary>Height and width of the image in pixels; null for the architecture's own.</summary>
    public int? InputSize { get; init; }

    /// <summary>Number of classes; null for the architecture's own.</summary>
    public int? Classes { get; init; }

    /// <summary>Factor on the number of channels of every hidden layer, rounded, at least one channel a layer.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Decides all weights and whatever else an architecture draws at random.</summary>
    public ulong Seed { get; init; } = 1;
}
