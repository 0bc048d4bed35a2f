using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>Where products are brought back to an activation's scale.</summary>
/// <param name="ExcessBits">A linear step takes an input with up to so many bits more than asked for.</param>
/// <param name="BeforeDecisions">
/// Whether values with shared sign decisions are truncated before those, so that deciding takes fewer bits; otherwise the
/// step that reads the product truncates, which costs nothing where it is a garbled one.
/// </param>
/// <param name="BeforeConcatenations">
/// Whether values that are joined with values at an activation's scale are truncated before, one by one, so that those
/// others need not be truncated once more behind it.
/// </param>
internal readonly record struct TruncationPolicy(int ExcessBits, bool BeforeDecisions, bool BeforeConcatenations = false)
{
    /// <summary>
    /// Truncating costs a circuit per element, the bits cost a slightly larger ring. Average pools stay below it, products do
    /// not.
    /// </summary>
    public static TruncationPolicy Default { get; } = new(8, BeforeDecisions: false);

    /// <summary>
    /// What is tried where a product with shared decisions, or a concatenation, leaves the scale to choose: no product, one,
    /// or all of them untruncated.
    /// </summary>
    public static IEnumerable<TruncationPolicy> AlternativesFor(RealProgram program)
    {
        bool decides = program.Steps.Any(s => s is RealSharedSign), joins = program.Steps.Any(s => s is RealConcat);
        if (!decides && !joins)
            return [Default];
        TruncationPolicy[] policies = [Default, Default with { ExcessBits = 24 }, Default with { ExcessBits = 64 }];
        TruncationPolicy[] deciding = decides ? [.. policies.Take(2).Select(p => p with { BeforeDecisions = true })] : [];
        TruncationPolicy[] joining = joins ? [Default with { BeforeConcatenations = true }] : [];
        return [.. policies, .. deciding, .. joining];
    }
}
