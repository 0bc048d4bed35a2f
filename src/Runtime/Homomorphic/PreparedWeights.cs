using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// A layer's weights as factors of its ciphertexts, shared by all sessions. The transformed parts of a polynomial take 8 bytes
/// a value, of which there are N/r a prime and part (<see cref="WeightLayout"/>): with N = 8192 and four primes 256 KB at
/// worst, 12 KB for a kernel of 3×3 at 56², 64 bytes for one of 1×1. They are kept, if the model's memory has room for the layer's
/// (<see cref="WeightMemory"/>); otherwise each is made when it is needed, once for all patches that are answered together.
/// </summary>
public sealed class PreparedWeights
{
    private readonly ReadOnlyMemory<long> _weights;
    private readonly int[] _firstPolynomials;
    private readonly ReadOnlyMemory<double>? _kept;

    /// <param name="packing">The layer.</param>
    /// <param name="weights">M×(C/groups)×kh×kw integers, which are not copied.</param>
    /// <param name="keep">Whether to transform them now and to keep the result.</param>
    /// <exception cref="PlanFormatException">
    /// The number of weights is wrong, or a row exceeds the norm that the layer's noise was derived from.
    /// </exception>
    public PreparedWeights(ConvolutionPacking packing, ReadOnlyMemory<long> weights, bool keep = true)
        : this(new LayerWeights(packing, weights), null)
    {
        if (keep)
            _kept = TransformAll();
    }

    /// <param name="layer">The layer.</param>
    /// <param name="kept">What <see cref="Transform(LayerWeights)"/> made of it; null for nothing.</param>
    /// <exception cref="PlanFormatException">As of the other constructor.</exception>
    /// <exception cref="ArgumentException">The transformed weights are not of this layer.</exception>
    internal PreparedWeights(LayerWeights layer, ReadOnlyMemory<double>? kept)
    {
        if (kept is { } transformed && transformed.Length != layer.TransformedLength)
            throw new ArgumentException($"The layer has {layer.TransformedLength} transformed weights, not {transformed.Length}.", nameof(kept));
        Packing = layer.Packing;
        RequireNorm(Packing, layer.Integers.Span);
        _weights = layer.Integers;
        _firstPolynomials = new int[Packing.OutputTiles + 1];
        for (var tile = 0; tile < Packing.OutputTiles; tile++)
            _firstPolynomials[tile + 1] = _firstPolynomials[tile] + Packing.InputsOf(tile).Count;
        _kept = kept;
    }

    public ConvolutionPacking Packing { get; }

    /// <summary>Whether <see cref="Factors"/> has them without work.</summary>
    internal bool AreKept => _kept is not null;

    /// <summary>Whether a factor is combined from parts.</summary>
    private bool IsExpanded => Packing.Layout.Parts > 1;

    private int PartsLength => IsExpanded ? Packing.WeightLength + NttProducts.Padding : 0;

    private int PolynomialLength => Packing.WeightLength * Packing.Parameters.PrimeCount;

    /// <summary>Elements of the scratch memory that <see cref="Factors"/> needs for so many polynomials.</summary>
    internal int ScratchLength(int polynomials)
        => AreKept && !IsExpanded ? 0 : (polynomials * FactorLength) + NttProducts.Padding + PartsLength;

    /// <summary>Elements of a factor modulo one prime.</summary>
    internal int FactorLength => IsExpanded ? Packing.Parameters.Degree : Packing.WeightLength;

    /// <summary>The factors of some request ciphertexts for neighbouring response ciphertexts, modulo one prime.</summary>
    /// <param name="firstOutputTile">The first of the response ciphertexts.</param>
    /// <param name="outputTiles">How many; they meet the same request ciphertexts.</param>
    /// <param name="inputs">Of those they meet.</param>
    /// <param name="prime">The prime's index.</param>
    /// <param name="scratch">Is overwritten, unless the factors are kept as they are.</param>
    internal ProductFactors Factors(int firstOutputTile, int outputTiles, TileRange inputs, int prime, Span<double> scratch)
    {
        var repetition = IsExpanded ? 1 : Packing.Layout.Repetition;
        if (_kept is { } kept && !IsExpanded)
        {
            return new ProductFactors
            {
                Values = kept.Span[StartOf(inputs.First, firstOutputTile, prime)..],
                Repetition = repetition,
                TermStride = PolynomialLength,
                SumStride = PolynomialLength * Packing.InputsOf(firstOutputTile).Count,
            };
        }

        var factors = scratch[..^PartsLength];
        for (var i = 0; i < outputTiles * inputs.Count; i++)
        {
            var (output, input) = Math.DivRem(i, inputs.Count);
            var factor = factors.Slice(i * FactorLength, FactorLength);
            if (IsExpanded)
                Expand(inputs.First + input, firstOutputTile + output, prime, scratch[^PartsLength..], factor);
            else
                Transform(inputs.First + input, firstOutputTile + output, prime, factor);
        }

        return new ProductFactors { Values = factors, Repetition = repetition, TermStride = FactorLength, SumStride = FactorLength * inputs.Count };
    }

    /// <summary>All transformed polynomials of a layer, with the padding that products need.</summary>
    /// <exception cref="PlanFormatException">As of the constructor.</exception>
    internal static double[] Transform(LayerWeights layer) => new PreparedWeights(layer, null).TransformAll();

    /// <summary>Weight polynomials that have any weight: products of a patch.</summary>
    internal static long CountPolynomials(ConvolutionPacking packing)
    {
        long count = 0;
        for (var tile = 0; tile < packing.OutputTiles; tile++)
            count += packing.InputsOf(tile).Count;
        return count;
    }

    /// <summary>Residues of all transformed polynomials of a layer.</summary>
    internal static long CountResidues(ConvolutionPacking packing)
        => CountPolynomials(packing) * packing.WeightLength * packing.Parameters.PrimeCount;

    /// <summary>What the transformed polynomials of a layer take, if they are kept.</summary>
    internal static long BytesOf(ConvolutionPacking packing) => (CountResidues(packing) + NttProducts.Padding) * sizeof(double);

    private double[] TransformAll()
    {
        var kept = new double[CountResidues(Packing) + NttProducts.Padding];
        for (var output = 0; output < Packing.OutputTiles; output++)
        {
            var inputs = Packing.InputsOf(output);
            for (var i = 0; i < inputs.Count * Packing.Parameters.PrimeCount; i++)
            {
                var (input, prime) = Math.DivRem(i, Packing.Parameters.PrimeCount);
                var start = StartOf(inputs.First + input, output, prime);
                Transform(inputs.First + input, output, prime, kept.AsSpan(start, Packing.WeightLength));
            }
        }

        return kept;
    }

    /// <summary>Where a polynomial's parts modulo a prime start among those that are kept.</summary>
    private int StartOf(int inputTile, int outputTile, int prime)
    {
        var polynomial = _firstPolynomials[outputTile] + inputTile - Packing.InputsOf(outputTile).First;
        return (polynomial * PolynomialLength) + (prime * Packing.WeightLength);
    }

    private void Expand(int inputTile, int outputTile, int prime, Span<double> parts, Span<double> factor)
    {
        var table = Packing.Parameters.Tables[prime];
        if (_kept is { } kept)
        {
            NttExpansion.Combine(kept.Span.Slice(StartOf(inputTile, outputTile, prime), parts.Length), Packing.Layout.Parts, table, factor);
            return;
        }

        Transform(inputTile, outputTile, prime, parts[..Packing.WeightLength]);
        NttExpansion.Combine(parts, Packing.Layout.Parts, table, factor);
    }

    /// <summary>Transforms the parts of a polynomial.</summary>
    private void Transform(int inputTile, int outputTile, int prime, Span<double> parts)
    {
        var table = Packing.Parameters.Tables[prime];
        Packing.PackWeights(_weights.Span, inputTile, outputTile, table.Modulus.Prime, parts);
        var length = parts.Length / Packing.Layout.Parts;
        for (var start = 0; start < parts.Length; start += length)
            NttTransform.Forward(parts.Slice(start, length), table);
    }

    private static void RequireNorm(ConvolutionPacking packing, ReadOnlySpan<long> weights)
    {
        var geometry = packing.Geometry;
        if (weights.Length != geometry.WeightCount)
            throw new PlanFormatException($"The layer has {geometry.WeightCount} weights; the file has {weights.Length}.");
        var bound = Math.ScaleB(1, 2 * packing.Settings.WeightNormBits);
        for (var row = 0; row < geometry.OutputChannels; row++)
        {
            double sum = 0;
            foreach (var weight in weights.Slice(row * geometry.Taps, geometry.Taps))
                sum += (double)weight * weight;
            if (sum > bound)
                throw new PlanFormatException(
                    $"The weights of output channel {row} exceed the norm 2^{packing.Settings.WeightNormBits} of the layer's noise budget.");
        }
    }
}
