namespace PrivateInference.Backends;

/// <summary>How values drop bits that products have added.</summary>
public enum Truncation
{
    /// <summary>By garbled circuits: bit for bit what the clear interpreter computes.</summary>
    Exact,

    /// <summary>
    /// In the round of a polynomial, or in one of its own: to one of the two neighbouring integers, the clear interpreter's or the
    /// other. It never fails. Takes one bit more of the ring.
    /// </summary>
    Faithful,

    /// <summary>
    /// Each party on its own share, without a message: to one of the two neighbouring integers, except with a probability that
    /// the largest ring makes small; <see cref="CompileOptions.MaxTruncationFailure"/> bounds it.
    /// </summary>
    Local,
}
