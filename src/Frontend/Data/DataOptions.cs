namespace PrivateInference.Frontend.Data;

/// <summary>How data files are read.</summary>
public sealed record DataOptions
{
    public static DataOptions Default { get; } = new();

    /// <summary>
    /// What becomes of pixels. By default images are divided by 255 and arrays (<c>.npy</c>, <c>.pb</c>) hold the values
    /// that the model takes; a scaling that is given applies to both.
    /// </summary>
    public PixelScaling? Scaling { get; init; }

    /// <summary>What becomes of images of another size than the model's.</summary>
    public ImageFit Fit { get; init; } = ImageFit.Refuse;

    /// <summary>Where the model's input has its channels; null where its shape tells.</summary>
    public ChannelLayout? Layout { get; init; }

    /// <summary>The label file; null takes those that the data hold, or looks for one beside IDX images.</summary>
    public string? Labels { get; init; }

    /// <summary>The largest file that is read, and the most that a compressed one may expand to, in bytes.</summary>
    public int MaxBytes { get; init; } = 1 << 30;
}
