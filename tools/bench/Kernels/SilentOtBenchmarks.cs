using BenchmarkDotNet.Attributes;
using PrivateInference.Benchmarks.Channels;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>
/// Silent correlated oblivious transfer, 10^7 a call; times are per transfer, of one party without the network and of both
/// over memory. The receiver plays the same recorded message in every call: its correlations are meaningless after the first,
/// its work the same.
/// </summary>
public class SilentOtBenchmarks
{
    private const int Count = 10_000_000;

    private readonly Block[] _correlations = new Block[Count];
    private readonly Block[] _received = new Block[Count];
    private readonly NullChannel _sent = new();
    private readonly TapeChannel _tape = new();
    private SilentOtSender _sender = null!;
    private SilentOtReceiver _receiver = null!;

    [Params(10, 11, 12, 13)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        LpnParameters parameters = LpnParameters.All.Single(p => p.Depth == Depth);
        Block[] zero = new Block[CorrelatedOt.BaseCount], one = new Block[CorrelatedOt.BaseCount];
        SecureRandom.CreateGenerator().Fill(zero);
        SecureRandom.CreateGenerator().Fill(one);
        Block delta = CorrelatedOtSender.CreateDelta();
        byte[] bits = CorrelatedOtSender.Choices(delta);
        Block[] keys = [.. zero.Select((key, i) => ((bits[i / 8] >> (i % 8)) & 1) == 0 ? key : one[i])];

        using TapeChannel setup = new(), reply = new();
        _receiver = new SilentOtReceiver(parameters);
        _sender = new SilentOtSender(parameters, delta);
        CorrelatedOtReceiver choices = new(zero, one);
        CorrelatedOtSender offers = new(delta, keys);
        choices.SendSetup(setup);
        _receiver.SendSetup(setup, choices);
        setup.Rewind();
        offers.ReceiveSetup(setup);
        _sender.ReceiveSetup(setup, offers);
        _sender.SendSetup(reply);
        reply.Rewind();
        _receiver.ReceiveSetup(reply);
        _sender.Extend(_tape, _correlations);
        _tape.Rewind();
    }

    /// <summary>The floor: as many bytes from AES in counter mode.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void AesCtr() => SecureRandom.CreateGenerator().Fill(_correlations);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Sender() => _sender.Extend(_sent, _correlations);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Receiver()
    {
        _tape.Rewind();
        _receiver.Extend(_tape, _correlations);
    }

    /// <summary>The two parties against each other, on two threads of this process.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Both()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        var sending = Task.Run(() => _sender.Extend(first, _correlations));
        _receiver.Extend(second, _received);
        sending.GetAwaiter().GetResult();
    }
}
