namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>The function that the client applies to the decoded output, in the clear.</summary>
public enum OutputFunction
{
    /// <summary>The tensor itself.</summary>
    None,

    /// <summary>exp(x) / Σ exp(x) along an axis.</summary>
    Softmax,

    /// <summary>Index of the largest element along an axis; the axis disappears.</summary>
    ArgMax,
}
