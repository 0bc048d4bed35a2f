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
}
