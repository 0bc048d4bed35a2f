namespace PrivateInference.Backends.Emission;

/// <summary>Where products are brought back to an activation's scale.</summary>
/// <param name="ExcessBits">A linear step takes an input with up to so many bits more than asked for.</param>
/// <param name="BeforeDecisions">
/// Whether values with shared sign decisions are truncated before those, so that deciding takes fewer bits; otherwise the
/// step that reads the product truncates, which costs nothing where it is a garbled one.
/// </param>
internal readonly record struct TruncationPolicy(int ExcessBits, bool BeforeDecisions)
{
    /// <summary>
    /// Truncating costs a circuit per element, the bits cost a slightly larger ring. Average pools stay below it, products do
    /// not.
    /// </summary>
    public static TruncationPolicy Default { get; } = new(8, BeforeDecisions: false);

    /// <summary>
    /// What is tried where a product with shared decisions leaves the scale to choose: no product, one, or all of them untruncated.
    /// </summary>
    public static IEnumerable<TruncationPolicy> Alternatives =>
        [Default, Default with { BeforeDecisions = true }, new(24, BeforeDecisions: false), new(24, BeforeDecisions: true), new(64, BeforeDecisions: false)];
}
