namespace PrivateInference.Runtime.Homomorphic;

/// <summary>How a server keeps the transformed weights of its model's linear layers.</summary>
public sealed record WeightMemoryOptions
{
    /// <summary>256 MB. More saves little: making a factor costs about as much as reading it from memory.</summary>
    public const long DefaultBytes = WeightMemory.DefaultBytes;

    /// <summary>
    /// What they may take, of all layers together, at least 0. Those that do not fit are transformed when they are needed, which
    /// costs processor time in each inference; the results are the same.
    /// </summary>
    public long Bytes { get; init; } = DefaultBytes;

    /// <summary>
    /// A file to keep them in, which is mapped into memory; null for memory of the process. It is written where it is missing,
    /// damaged or of another model, and is as secret as the weights: its owner alone may read it.
    /// </summary>
    public string? CachePath { get; init; }

    /// <summary>Gets why a file was not used.</summary>
    public Action<string>? OnWarning { get; init; }
}
