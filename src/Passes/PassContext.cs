namespace PrivateInference.Passes;

/// <summary>What a pass may use besides the graph.</summary>
public sealed record PassContext
{
    public static PassContext Default { get; } = new();

    /// <summary>Ends a compilation early; passes look at it between nodes.</summary>
    public CancellationToken Cancellation { get; init; }
}
