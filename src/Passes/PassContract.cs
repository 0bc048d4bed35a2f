namespace PrivateInference.Passes;

/// <summary>What a pass promises about the function that the graph computes.</summary>
public enum PassContract
{
    /// <summary>The same function, up to the rounding of constants that are computed ahead.</summary>
    Exact,

    /// <summary>A function within a stated error of the original.</summary>
    Bounded,

    /// <summary>Another function; its effect on accuracy has to be measured.</summary>
    Lossy,
}
