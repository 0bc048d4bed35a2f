using System.Collections.Immutable;

namespace PrivateInference.Frontend;

/// <summary>What the importer cannot read from the model.</summary>
public sealed record ImportOptions
{
    public static ImportOptions Default { get; } = new();

    /// <summary>The value of a symbolic first dimension of a graph input.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>
    /// Values of other symbolic dimensions, by the name the model gives them ("height"), or by input name and axis
    /// ("image:2") where the model gives none. They take precedence over <see cref="BatchSize"/>; by input name and axis they
    /// also take precedence over a size that the model fixes.
    /// </summary>
    public ImmutableDictionary<string, int> Dimensions { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>The largest model file that is read, in bytes, without external data.</summary>
    public int MaxFileBytes { get; init; } = int.MaxValue;

    /// <summary>
    /// How many elements the importer may compute as constants of its own (a filled tensor, a transposed weight).
    /// A file of a hundred bytes may ask for billions.
    /// </summary>
    public long MaxComputedElements { get; init; } = 1L << 29;

    /// <summary>How many nodes branches, unrolled loops and inlined functions may add in all. A hostile loop never ends.</summary>
    public int MaxInlinedNodes { get; init; } = 100_000;

    /// <summary>A fixed batch that is to become <see cref="BatchSize"/>, in the inputs and in the shapes that Reshape nodes give.</summary>
    internal int? ReducedBatch { get; init; }
}
