namespace PrivateInference.Runtime.Plan;

/// <summary>What a non-linear step computes on each (pooled, truncated) element.</summary>
public enum Activation
{
    /// <summary>The element itself.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, lower), upper) with public integer bounds at the output's scale.</summary>
    Clip,
}
