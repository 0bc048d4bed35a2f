namespace PrivateInference.Frontend.Data;

/// <summary>How data files are read.</summary>
public sealed record DataOptions
{
    public static DataOptions Default { get; } = new();

    /// <summary>Applies to images (PNG, and IDX files of bytes); other formats hold the values that the model takes.</summary>
    public PixelScaling Scaling { get; init; } = PixelScaling.Unit;

    /// <summary>The label file; null looks for one beside IDX images.</summary>
    public string? Labels { get; init; }

    /// <summary>The largest file that is read, and the most that a compressed one may expand to, in bytes.</summary>
    public int MaxBytes { get; init; } = 1 << 30;
}
