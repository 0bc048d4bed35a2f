using BenchmarkDotNet.Attributes;
using PrivateInference.Benchmarks.Channels;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Correlated oblivious transfer by extension, without the network; times are per transfer. Fields of one bit are IKNP.</summary>
public class CorrelatedOtBenchmarks
{
    private const int Count = 1 << 16;

    private readonly AesCtrGenerator _generator = SecureRandom.CreateGenerator();
    private readonly Block[] _correlations = new Block[Count];
    private readonly byte[] _choices = new byte[Count / 8];
    private readonly NullChannel _sent = new();
    private readonly TapeChannel _tape = new();
    private CorrelatedOtSender _sender = null!;
    private CorrelatedOtReceiver _receiver = null!;

    [Params(1, 2, 4, 8)]
    public int FieldBits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Block[] zero = new Block[CorrelatedOt.BaseCount], one = new Block[CorrelatedOt.BaseCount];
        _generator.Fill(zero);
        _generator.Fill(one);
        _generator.Fill(_choices);
        using TapeChannel trees = new();
        _receiver = new CorrelatedOtReceiver(zero, one, FieldBits);
        _receiver.SendSetup(trees);
        _receiver.Extend(_tape, _choices, _correlations);
        trees.Rewind();
        _sender = new CorrelatedOtSender(CorrelatedOtSender.CreateDelta(), zero, FieldBits);
        _sender.ReceiveSetup(trees);
    }

    /// <summary>The floor: as many bytes from AES in counter mode.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void AesCtr() => _generator.Fill(_correlations);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Receiver() => _receiver.Extend(_sent, _choices, _correlations);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Sender()
    {
        _tape.Rewind();
        _sender.Extend(_tape, _correlations);
    }
}
