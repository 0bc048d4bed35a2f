using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The products of some patches' request ciphertexts with the weights of a block of response ciphertexts. Owns the sums;
/// one thread.
/// </summary>
internal sealed class ProductAccumulator
{
    /// <summary>Bytes of factors that are made at once, so that they stay in a core's cache.</summary>
    private const int FactorBytes = 256 << 10;

    private readonly PreparedWeights _weights;
    private readonly ConvolutionPacking _packing;
    private readonly RlweParameters _parameters;
    private readonly Memory<double> _sums;
    private readonly Memory<double> _factors;
    private readonly int _termsAtOnce;

    /// <param name="weights">The layer's.</param>
    /// <param name="patches">How many patches are multiplied at once.</param>
    public ProductAccumulator(PreparedWeights weights, int patches)
    {
        _weights = weights;
        _packing = weights.Packing;
        _parameters = _packing.Parameters;
        var sums = Math.Min(NttProducts.Sums, _packing.OutputTiles);
        _sums = AlignedDoubles.Allocate(patches * sums * SumLength);
        var fitting = weights.ScratchLength(1) == 0 ? int.MaxValue : Math.Max(1, FactorBytes / sizeof(double) / (sums * weights.FactorLength));
        _termsAtOnce = Math.Min(_packing.InputTiles, Math.Min(fitting, NttProducts.ReductionInterval));
        _factors = AlignedDoubles.Allocate(weights.ScratchLength(sums * _termsAtOnce));
    }

    private int SumLength => 2 * _parameters.ResidueCount;

    /// <summary>Replaces the sums by those of a block.</summary>
    public void Sum(PatchCiphertexts ciphertexts, int patches, OutputBlock block)
    {
        _sums.Span[..(patches * block.Count * SumLength)].Clear();
        for (var prime = 0; prime < _parameters.PrimeCount; prime++)
        {
            var sinceReduction = 0;
            for (var done = 0; done < block.Inputs.Count; done += _termsAtOnce)
            {
                TileRange inputs = new(block.Inputs.First + done, Math.Min(_termsAtOnce, block.Inputs.Count - done));
                if (sinceReduction + inputs.Count > NttProducts.ReductionInterval)
                {
                    Reduce(patches * block.Count, prime);
                    sinceReduction = 0;
                }

                sinceReduction += inputs.Count;
                AddProducts(ciphertexts, patches, block, inputs, prime);
            }
        }
    }

    /// <summary>The sum's body, all primes; lazy. The caller may overwrite it.</summary>
    public Span<double> Body(int patch, OutputBlock block, int tile)
        => _sums.Span.Slice(((patch * block.Count) + tile - block.First) * SumLength, _parameters.ResidueCount);

    /// <summary>Likewise its uniform half.</summary>
    public Span<double> Uniform(int patch, OutputBlock block, int tile)
        => _sums.Span.Slice((((patch * block.Count) + tile - block.First) * SumLength) + _parameters.ResidueCount, _parameters.ResidueCount);

    private void AddProducts(PatchCiphertexts ciphertexts, int patches, OutputBlock block, TileRange inputs, int prime)
    {
        var factors = _weights.Factors(block.First, block.Count, inputs, prime, _factors.Span);
        for (var patch = 0; patch < patches; patch++)
        {
            ProductSums sums = new()
            {
                Values = _sums.Span[((patch * block.Count * SumLength) + (prime * _parameters.Degree))..],
                Count = block.Count,
                Length = _parameters.Degree,
                Stride = SumLength,
                HalfStride = _parameters.ResidueCount,
            };
            NttProducts.Add(sums, ciphertexts.Terms(patch, inputs, prime), factors, _parameters.Tables[prime].Modulus);
        }
    }

    private void Reduce(int sums, int prime)
    {
        for (var half = 0; half < 2 * sums; half++)
        {
            var residues = _sums.Span.Slice((half * _parameters.ResidueCount) + (prime * _parameters.Degree), _parameters.Degree);
            NttArithmetic.Canonicalize(residues, _parameters.Tables[prime].Modulus);
        }
    }
}
