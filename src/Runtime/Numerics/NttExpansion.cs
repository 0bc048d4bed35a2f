namespace PrivateInference.Runtime.Numerics;

/// <summary>The transform of Σ X^k·v_k(X^r) from the transforms of the v_k.</summary>
internal static class NttExpansion
{
    /// <summary>Writes N canonical values.</summary>
    /// <param name="parts">
    /// The transforms of v_0, v_1, …, of N/r canonical values each, one after the other, and <see cref="NttProducts.Padding"/>
    /// elements behind the last.
    /// </param>
    /// <param name="count">How many v_k there are.</param>
    /// <param name="table">Of degree N.</param>
    /// <param name="values">Gets the transform.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static void Combine(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        var length = PartLength(parts, count);
        if (values.Length != table.Degree || length < 1 || values.Length % length != 0 || parts.Length != (length * count) + NttProducts.Padding)
            throw new ArgumentException($"{count} parts of together {parts.Length} elements do not make {values.Length}.", nameof(parts));
        NttKernel.Fastest.Combine(parts, count, table, values);
    }

    /// <summary>N/r.</summary>
    internal static int PartLength(ReadOnlySpan<double> parts, int count) => (parts.Length - NttProducts.Padding) / count;
}
