using System.Collections.Immutable;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// One way of computing on transforms. All ways give the same integers, in time independent of them. The one place that chooses
/// among them; callers have checked the operands' lengths.
/// </summary>
internal abstract class NttKernel
{
    /// <summary>What this processor can run, fastest first; the portable kernel is last.</summary>
    public static ImmutableArray<NttKernel> Supported { get; } = [.. FindSupported()];

    /// <summary>The first of <see cref="Supported"/>.</summary>
    public static NttKernel Fastest { get; } = Supported[0];

    /// <summary>Elements side by side; 1 without vectors.</summary>
    public abstract int Lanes { get; }

    /// <inheritdoc cref="NttTransform.Forward"/>
    public abstract void Forward(Span<double> polynomial, NttTable table);

    /// <inheritdoc cref="NttTransform.Inverse"/>
    public abstract void Inverse(Span<double> polynomial, NttTable table);

    /// <inheritdoc cref="NttArithmetic.MultiplyAdd(Span{double}, ReadOnlySpan{double}, ReadOnlySpan{double}, NttModulus)"/>
    public abstract void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, ReadOnlySpan<double> y, NttModulus modulus);

    /// <inheritdoc cref="NttArithmetic.MultiplyAdd(Span{double}, ReadOnlySpan{double}, double, NttModulus)"/>
    public abstract void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, double factor, NttModulus modulus);

    /// <inheritdoc cref="NttArithmetic.Scale"/>
    public abstract void Scale(Span<double> values, double factor, NttModulus modulus);

    /// <inheritdoc cref="NttArithmetic.Canonicalize"/>
    public abstract void Canonicalize(Span<double> values, NttModulus modulus);

    /// <inheritdoc cref="NttProducts.Add"/>
    public abstract void AddProducts(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus);

    /// <inheritdoc cref="NttExpansion.Combine"/>
    public abstract void Combine(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values);

    private static IEnumerable<NttKernel> FindSupported()
    {
        if (NttVector512.IsSupported)
            yield return new NttVectorKernel<NttVector512>();
        if (NttVector256.IsSupported)
            yield return new NttVectorKernel<NttVector256>();
        if (NttVector128.IsSupported)
            yield return new NttVectorKernel<NttVector128>();
        yield return NttPortable.Instance;
    }
}
