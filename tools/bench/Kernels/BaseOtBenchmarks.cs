using BenchmarkDotNet.Attributes;
using PrivateInference.Benchmarks.Channels;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>The 128 base transfers that a session starts with, without the network; times are per session.</summary>
public class BaseOtBenchmarks
{
    private readonly Block[] _zero = new Block[CorrelatedOt.BaseCount];
    private readonly Block[] _one = new Block[CorrelatedOt.BaseCount];
    private readonly byte[] _choices = new byte[CorrelatedOt.BaseCount / 8];
    private readonly TapeChannel _setup = new();
    private readonly TapeChannel _reply = new();
    private readonly NullChannel _sent = new();
    private readonly BaseOtSender _sender = new();
    private readonly BaseOtReceiver _receiver = new();

    public BaseOtBenchmarks()
    {
        _sender.SendSetup(_setup);
        _setup.Rewind();
        _receiver.ReceiveSetup(_setup);
        _receiver.SendChoices(_reply, _choices, _zero);
    }

    [Benchmark(Baseline = true)]
    public void Receiver() => _receiver.SendChoices(_sent, _choices, _zero);

    [Benchmark]
    public void Sender()
    {
        _reply.Rewind();
        _sender.ReceiveChoices(_reply, _zero, _one);
    }
}
