namespace PrivateInference.Frontend.Reference;

/// <summary>How ONNX Runtime executes a model.</summary>
public sealed record OnnxRuntimeOptions
{
    public static OnnxRuntimeOptions Default { get; } = new();

    /// <summary>Threads that compute one operation; 0 lets the runtime take a thread per core.</summary>
    public int Threads { get; init; } = 1;

    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;
}
