using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>What turns correlated transfers into others; times are per correlation, of which 1-of-16 takes four a transfer.</summary>
public class TransferHashBenchmarks
{
    private const int Count = 1 << 12;
    private const int ChoiceBits = 4;

    private readonly Block[] _correlations = new Block[Count];
    private readonly Block[] _zero = new Block[Count];
    private readonly Block[] _one = new Block[Count];
    private readonly Block[] _all = new Block[Count / ChoiceBits << ChoiceBits];
    private readonly byte[] _bitsOfZero = new byte[Count / 8];
    private readonly byte[] _bitsOfOne = new byte[Count / 8];
    private readonly Block _delta = CorrelatedOtSender.CreateDelta();
    private readonly TransferHash _hash = new(SecureRandom.NextBlock());
    private readonly AesKey _key = AesKey.Expand(SecureRandom.NextBlock());

    public TransferHashBenchmarks() => SecureRandom.CreateGenerator().Fill(_correlations);

    /// <summary>The floor of the receiver: one encryption each.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Aes() => Aes128.Encrypt(in _key, _correlations, _zero);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Chosen() => _hash.HashChosen(_correlations, _zero);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Both() => _hash.HashBoth(_delta, _correlations, _zero, _one);

    [Benchmark(OperationsPerInvoke = Count)]
    public void ChosenBits() => _hash.HashChosenToBits(_correlations, _bitsOfZero);

    [Benchmark(OperationsPerInvoke = Count)]
    public void BothBits() => _hash.HashBothToBits(_delta, _correlations, _bitsOfZero, _bitsOfOne);

    [Benchmark(OperationsPerInvoke = Count)]
    public void ChosenOf16() => _hash.HashChosenOfMany(ChoiceBits, _correlations, _zero.AsSpan(0, Count / ChoiceBits));

    [Benchmark(OperationsPerInvoke = Count)]
    public void AllOf16() => _hash.HashAll(_delta, ChoiceBits, _correlations, _all);

    [Benchmark(OperationsPerInvoke = Count)]
    public void ChoosingRequest() => ChosenChoice.Request(_correlations, _bitsOfOne, _bitsOfZero);

    [Benchmark(OperationsPerInvoke = Count)]
    public void ChoosingApply() => ChosenChoice.Apply(_delta, _bitsOfZero, _zero);
}
