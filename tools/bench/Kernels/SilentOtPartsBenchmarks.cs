using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>What silent oblivious transfer consists of, on one tree; times are per leaf.</summary>
public class SilentOtPartsBenchmarks
{
    private const int Depth = 11;
    private const int Leaves = 1 << Depth;

    private readonly AesKey _key = AesKey.Expand(SecureRandom.NextBlock());
    private readonly Block[] _leaves = new Block[Leaves];
    private readonly Block[] _sums = new Block[Depth];
    private readonly Block[] _correlations = new Block[Depth];
    private readonly Block[] _secret = new Block[1 << 17];
    private readonly LpnCode _code = new(SecureRandom.NextBlock(), 17);

    /// <summary>The floor: as many encryptions in place.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Leaves)]
    public void Aes() => Aes128.Encrypt(in _key, _leaves, _leaves);

    [Benchmark(OperationsPerInvoke = Leaves)]
    public void Expand() => CorrelatedTree.Expand(in _key, _leaves[0], new Block(1, 0), _leaves, _sums);

    [Benchmark(OperationsPerInvoke = Leaves)]
    public void Reconstruct() => CorrelatedTree.Reconstruct(in _key, _sums, _correlations, _leaves);

    /// <summary>A secret of 2 MB.</summary>
    [Benchmark(OperationsPerInvoke = Leaves)]
    public void Encode() => _code.AddRows(_secret, _leaves);
}
