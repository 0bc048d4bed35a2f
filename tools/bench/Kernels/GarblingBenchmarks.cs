using BenchmarkDotNet.Attributes;
using PrivateInference.Benchmarks.Channels;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Garbling ReLUs of 37 bits; times are per AND gate.</summary>
public class GarblingBenchmarks
{
    private const int HashesPerGate = 4;

    private readonly NullChannel _channel = new();
    private readonly Block[] _blocks = new Block[HashesPerGate * ReluRun.TotalAndGates];
    private ReluRun _run = null!;
    private AesKey _key;

    [GlobalSetup(Targets = [nameof(Aes), nameof(Garble)])]
    public void Setup()
    {
        _key = AesKey.Expand(SecureRandom.NextBlock());
        _run = new ReluRun();
    }

    [GlobalSetup(Target = nameof(GarblePortable))]
    public void SetupPortable()
    {
        Aes128.PreferPortable = true;
        Setup();
    }

    [GlobalCleanup(Target = nameof(GarblePortable))]
    public void CleanupPortable() => Aes128.PreferPortable = false;

    /// <summary>The floor: encrypting four blocks a gate under one key, and nothing else.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = ReluRun.TotalAndGates)]
    public void Aes() => Aes128.Encrypt(in _key, _blocks, _blocks);

    [Benchmark(OperationsPerInvoke = ReluRun.TotalAndGates)]
    public void Garble()
        => _run.Garbler.Garble(_run.Circuit, ReluRun.Instances, SecureRandom.NextBlock(), _run.ClientZeroLabels, _channel, _run.PermuteBits);

    /// <summary>Without AES instructions.</summary>
    [Benchmark(OperationsPerInvoke = ReluRun.TotalAndGates)]
    public void GarblePortable() => Garble();
}
