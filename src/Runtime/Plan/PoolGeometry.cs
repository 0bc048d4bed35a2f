namespace PrivateInference.Runtime.Plan;

/// <summary>The windows of a two-dimensional pool over an input N×C×H×W; the output size is explicit because of ceil mode.</summary>
public sealed record PoolGeometry
{
    /// <summary>N·C: pooling treats every plane alike.</summary>
    public required int Planes { get; init; }

    public required int InputHeight { get; init; }

    public required int InputWidth { get; init; }

    public required int OutputHeight { get; init; }

    public required int OutputWidth { get; init; }

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    /// <summary>k: elements in a full window.</summary>
    public int WindowSize => KernelHeight * KernelWidth;

    public int InputCount => Planes * InputHeight * InputWidth;

    public int OutputCount => Planes * OutputHeight * OutputWidth;
}
