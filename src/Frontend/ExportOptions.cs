namespace PrivateInference.Frontend;

/// <summary>How a graph becomes a model file.</summary>
public sealed record ExportOptions
{
    public static ExportOptions Default { get; } = new();

    /// <summary>
    /// Writes everything with ONNX's own operators, for tools that do not know functions of a model. Such a file computes
    /// the same; what was one operation comes back as several.
    /// </summary>
    public bool StandardOnly { get; init; }

    /// <summary>
    /// Leaves the first dimension of inputs and outputs open, named <c>batch</c>, for training in batches. Only for graphs
    /// of one sample that treat every sample alike.
    /// </summary>
    public bool OpenBatch { get; init; }

    /// <summary>The largest file, in bytes. The format's own limit is 2 GB.</summary>
    public long MaxFileBytes { get; init; } = int.MaxValue;
}
