using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// A layer's weights as transformed polynomials, made once when a model is loaded and shared by all sessions. A polynomial
/// takes 8 bytes a residue, 98 KB at N = 4096 with three primes; above a limit only the integers are kept and polynomials
/// are transformed as they are needed, at about a third of a product's time again per product.
/// </summary>
public sealed class PreparedWeights
{
    /// <summary>512 MB.</summary>
    public const long DefaultMemoryLimit = 512L << 20;

    private readonly long[] _weights;
    private readonly double[]?[]? _polynomials;

    /// <param name="packing">The layer.</param>
    /// <param name="weights">M×(C/groups)×kh×kw integers.</param>
    /// <param name="memoryLimitBytes">What transformed polynomials may take.</param>
    /// <exception cref="PlanFormatException">
    /// The number of weights is wrong, or a row exceeds the norm that the layer's noise was derived from.
    /// </exception>
    public PreparedWeights(ConvolutionPacking packing, ReadOnlySpan<long> weights, long memoryLimitBytes = DefaultMemoryLimit)
    {
        Packing = packing;
        RequireNorm(packing, weights);
        _weights = weights.ToArray();
        if (KeptBytes(packing, memoryLimitBytes) == 0)
            return;
        _polynomials = new double[packing.InputTiles * packing.OutputTiles][];
        var scratch = new long[packing.Parameters.Degree];
        for (var i = 0; i < _polynomials.Length; i++)
        {
            var (outputTile, inputTile) = Math.DivRem(i, packing.InputTiles);
            if (!packing.HasWeights(inputTile, outputTile))
                continue;
            _polynomials[i] = new double[packing.Parameters.ResidueCount];
            Transform(inputTile, outputTile, scratch, _polynomials[i]);
        }
    }

    public ConvolutionPacking Packing { get; }

    /// <summary>
    /// A transformed weight polynomial. Where it is not kept, it is made in the two buffers, of N integers and of one
    /// polynomial.
    /// </summary>
    internal ReadOnlySpan<double> Get(int inputTile, int outputTile, Span<long> integers, Span<double> polynomial)
    {
        if (_polynomials is not null)
            return _polynomials[(outputTile * Packing.InputTiles) + inputTile];
        Transform(inputTile, outputTile, integers, polynomial);
        return polynomial;
    }

    private void Transform(int inputTile, int outputTile, Span<long> integers, Span<double> polynomial)
    {
        var parameters = Packing.Parameters;
        Packing.PackWeights(_weights, inputTile, outputTile, integers);
        for (var i = 0; i < parameters.PrimeCount; i++)
        {
            var residues = parameters.Residues(polynomial, i);
            var prime = (long)parameters.Tables[i].Modulus.Prime;
            for (var j = 0; j < residues.Length; j++)
                residues[j] = integers[j] % prime;
            NttTransform.Forward(residues, parameters.Tables[i]);
        }
    }

    /// <summary>Weight polynomials that have any weight: products of a patch.</summary>
    internal static long CountPolynomials(ConvolutionPacking packing)
    {
        long count = 0;
        for (var output = 0; output < packing.OutputTiles; output++)
        {
            for (var input = 0; input < packing.InputTiles; input++)
                count += packing.HasWeights(input, output) ? 1 : 0;
        }

        return count;
    }

    /// <summary>What the transformed polynomials of a layer take; 0 where that is above the limit, so that none are kept.</summary>
    internal static long KeptBytes(ConvolutionPacking packing, long memoryLimitBytes = DefaultMemoryLimit)
    {
        var bytes = CountPolynomials(packing) * packing.Parameters.ResidueCount * sizeof(double);
        return bytes > memoryLimitBytes ? 0 : bytes;
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
