using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// A layer's weights as factors of its ciphertexts, shared by all sessions. A transformed polynomial takes 8 bytes a
/// value, of which a polynomial in X^r has N/r a prime: 256 KB at N = 8192 with four primes for a kernel of 3×3, a few
/// hundred bytes for one of 1×1 on large images. They are kept, if the model's memory has room for the layer's
/// (<see cref="WeightMemory"/>); otherwise each is made when it is needed, once for all patches that are answered together.
/// </summary>
public sealed class PreparedWeights
{
    private readonly ReadOnlyMemory<long> _weights;
    private readonly int[] _firstPolynomials;
    private readonly double[]? _kept;

    /// <param name="packing">The layer.</param>
    /// <param name="weights">M×(C/groups)×kh×kw integers, which are not copied.</param>
    /// <param name="keep">Whether to transform them now and to keep the result.</param>
    /// <exception cref="PlanFormatException">
    /// The number of weights is wrong, or a row exceeds the norm that the layer's noise was derived from.
    /// </exception>
    public PreparedWeights(ConvolutionPacking packing, ReadOnlyMemory<long> weights, bool keep = true)
    {
        Packing = packing;
        RequireNorm(packing, weights.Span);
        _weights = weights;
        _firstPolynomials = new int[packing.OutputTiles + 1];
        for (var tile = 0; tile < packing.OutputTiles; tile++)
            _firstPolynomials[tile + 1] = _firstPolynomials[tile] + packing.InputsOf(tile).Count;
        if (keep)
            _kept = TransformAll();
    }

    public ConvolutionPacking Packing { get; }

    /// <summary>Whether <see cref="Factors"/> has them without work.</summary>
    internal bool AreKept => _kept is not null;

    private int PolynomialLength => Packing.WeightLength * Packing.Parameters.PrimeCount;

    /// <summary>Elements of the scratch memory that <see cref="Factors"/> needs for so many polynomials.</summary>
    internal int ScratchLength(int polynomials) => AreKept ? 0 : (polynomials * Packing.WeightLength) + NttProducts.Padding;

    /// <summary>The factors of some request ciphertexts for neighbouring response ciphertexts, modulo one prime.</summary>
    /// <param name="firstOutputTile">The first of the response ciphertexts.</param>
    /// <param name="outputTiles">How many; they meet the same request ciphertexts.</param>
    /// <param name="inputs">Of those they meet.</param>
    /// <param name="prime">The prime's index.</param>
    /// <param name="scratch">Is overwritten, if the polynomials are not kept.</param>
    internal ProductFactors Factors(int firstOutputTile, int outputTiles, TileRange inputs, int prime, Span<double> scratch)
    {
        var length = Packing.WeightLength;
        if (_kept is not null)
        {
            var met = Packing.InputsOf(firstOutputTile);
            var polynomial = (long)_firstPolynomials[firstOutputTile] + inputs.First - met.First;
            return new ProductFactors
            {
                Values = _kept.AsSpan((int)(polynomial * PolynomialLength) + (prime * length)),
                Repetition = Packing.Repetition,
                TermStride = PolynomialLength,
                SumStride = PolynomialLength * met.Count,
            };
        }

        for (var i = 0; i < outputTiles * inputs.Count; i++)
        {
            var (output, input) = Math.DivRem(i, inputs.Count);
            Transform(inputs.First + input, firstOutputTile + output, prime, scratch.Slice(i * length, length));
        }

        return new ProductFactors { Values = scratch, Repetition = Packing.Repetition, TermStride = length, SumStride = length * inputs.Count };
    }

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
                var start = ((_firstPolynomials[output] + input) * PolynomialLength) + (prime * Packing.WeightLength);
                Transform(inputs.First + input, output, prime, kept.AsSpan(start, Packing.WeightLength));
            }
        }

        return kept;
    }

    private void Transform(int inputTile, int outputTile, int prime, Span<double> polynomial)
    {
        var table = Packing.Parameters.Tables[prime];
        Packing.PackWeights(_weights.Span, inputTile, outputTile, table.Modulus.Prime, polynomial);
        NttTransform.Forward(polynomial, table);
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
