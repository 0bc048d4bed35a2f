using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>Evaluating garbled ReLUs of 37 bits; times are per AND gate.</summary>
public class EvaluationBenchmarks
{
    private const int HashesPerGate = 2;

    private readonly Block[] _blocks = new Block[HashesPerGate * ReluRun.TotalAndGates];
    private ReluRun _run = null!;
    private GarbledTables _tables = null!;
    private Block[] _serverLabels = [];
    private byte[] _colors = [];
    private AesKey _key;

    [GlobalSetup(Targets = [nameof(Aes), nameof(Evaluate)])]
    public void Setup()
    {
        _key = AesKey.Expand(SecureRandom.NextBlock());
        _run = new ReluRun();
        _tables = _run.ReceiveTables();
        _serverLabels = new Block[HalfGates.GarblerLabelBytes(_run.Circuit, ReluRun.Instances) / Block.Size];
        _colors = new byte[_run.PermuteBits.Length];
    }

    [GlobalSetup(Target = nameof(EvaluatePortable))]
    public void SetupPortable()
    {
        Aes128.PreferPortable = true;
        Setup();
    }

    [GlobalCleanup(Target = nameof(EvaluatePortable))]
    public void CleanupPortable()
    {
        Aes128.PreferPortable = false;
        Cleanup();
    }

    [GlobalCleanup(Targets = [nameof(Aes), nameof(Evaluate)])]
    public void Cleanup() => _tables.Dispose();

    /// <summary>The floor: encrypting two blocks a gate under one key, and nothing else.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = ReluRun.TotalAndGates)]
    public void Aes() => Aes128.Encrypt(in _key, _blocks, _blocks);

    [Benchmark(OperationsPerInvoke = ReluRun.TotalAndGates)]
    public void Evaluate() => HalfGatesEvaluator.Evaluate(_tables, _serverLabels, _run.ClientZeroLabels, _colors);

    /// <summary>Without AES instructions.</summary>
    [Benchmark(OperationsPerInvoke = ReluRun.TotalAndGates)]
    public void EvaluatePortable() => Evaluate();
}
