using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>The number-theoretic transform of N = 4096 coefficients modulo a 36-bit prime.</summary>
public class NttBenchmarks
{
    private const int Degree = 4096;

    private readonly NttTable _table = NttTable.Get(Degree, NttPrimes.All[0]);
    private readonly double[] _polynomial = [.. Enumerable.Range(0, Degree).Select(i => (double)(i * 15485863L))];

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("forward")]
    public void ForwardPortable() => NttPortable.Forward(_polynomial, _table);

    /// <summary>What the processor allows; with AVX-512, vectors.</summary>
    [Benchmark]
    [BenchmarkCategory("forward")]
    public void Forward() => NttTransform.Forward(_polynomial, _table);

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("inverse")]
    public void InversePortable() => NttPortable.Inverse(_polynomial, _table);

    /// <inheritdoc cref="Forward"/>
    [Benchmark]
    [BenchmarkCategory("inverse")]
    public void Inverse() => NttTransform.Inverse(_polynomial, _table);
}
