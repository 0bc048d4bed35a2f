using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>
/// Kernels on transforms of N = 4096 coefficients modulo a 36-bit prime, on vectors of every width that this processor has;
/// the baseline is the portable kernel.
/// </summary>
public class NttBenchmarks
{
    private const int Degree = 4096;
    private const int Ciphertexts = 16;

    private readonly NttTable _table = NttTable.Get(Degree, NttPrimes.All[0]);
    private readonly double[] _polynomial = Residues(Degree);
    private readonly double[] _parts = Residues((3 * Degree / 16) + NttProducts.Padding);
    private readonly double[] _ciphertexts = Residues(Ciphertexts * Degree);
    private readonly double[] _factors = Residues((NttProducts.Sums * Ciphertexts * Degree / 16) + NttProducts.Padding);
    private readonly double[] _sums = new double[NttProducts.Sums * 2 * Degree];
    private NttKernel _kernel = NttKernel.Fastest;

    /// <summary>Doubles of a vector.</summary>
    public static IEnumerable<int> Widths => NttKernel.Supported.Select(kernel => kernel.Lanes).Where(lanes => lanes > 1);

    [ParamsSource(nameof(Widths))]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup() => _kernel = NttKernel.Supported.Single(kernel => kernel.Lanes == Width);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("forward")]
    public void ForwardPortable() => NttPortable.Instance.Forward(_polynomial, _table);

    [Benchmark]
    [BenchmarkCategory("forward")]
    public void Forward() => _kernel.Forward(_polynomial, _table);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("inverse")]
    public void InversePortable() => NttPortable.Instance.Inverse(_polynomial, _table);

    [Benchmark]
    [BenchmarkCategory("inverse")]
    public void Inverse() => _kernel.Inverse(_polynomial, _table);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("expansion")]
    public void ExpansionPortable() => NttPortable.Instance.Combine(_parts, 3, _table, _polynomial);

    /// <summary>A transform from three of a sixteenth of its length.</summary>
    [Benchmark]
    [BenchmarkCategory("expansion")]
    public void Expansion() => _kernel.Combine(_parts, 3, _table, _polynomial);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("products")]
    public void ProductsPortable() => AddProducts(NttPortable.Instance);

    /// <summary>Four sums of the products of sixteen ciphertexts with a factor each.</summary>
    [Benchmark]
    [BenchmarkCategory("products")]
    public void Products() => AddProducts(_kernel);

    private void AddProducts(NttKernel kernel)
    {
        Array.Clear(_sums);
        kernel.AddProducts(
            new() { Values = _sums, Count = NttProducts.Sums, Length = Degree, Stride = 2 * Degree, HalfStride = Degree },
            new() { Bodies = _ciphertexts, Uniforms = _ciphertexts, Total = Ciphertexts, First = 0, Count = Ciphertexts },
            new() { Values = _factors, Repetition = 16, TermStride = Degree / 16, SumStride = Ciphertexts * Degree / 16 },
            _table.Modulus);
    }

    private static double[] Residues(int count) => [.. Enumerable.Range(0, count).Select(i => (double)(i * 15485863L % (long)NttPrimes.All[0]))];
}
