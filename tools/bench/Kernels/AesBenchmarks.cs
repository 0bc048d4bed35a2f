using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>AES-128, 64 KiB at a time; times are per block.</summary>
public class AesBenchmarks
{
    private const int Blocks = 4096;

    private readonly Block[] _data = new Block[Blocks];
    private readonly Aes _platform = Aes.Create();
    private AesKey _key;

    [GlobalSetup(Targets = [nameof(Intrinsics), nameof(Platform)])]
    public void Setup()
    {
        _platform.SetKey(RandomNumberGenerator.GetBytes(Block.Size));
        _key = AesKey.Expand(SecureRandom.NextBlock());
    }

    [GlobalSetup(Target = nameof(Portable))]
    public void SetupPortable()
    {
        Aes128.PreferPortable = true;
        _key = AesKey.Expand(SecureRandom.NextBlock());
    }

    [GlobalCleanup(Target = nameof(Portable))]
    public void CleanupPortable() => Aes128.PreferPortable = false;

    /// <summary>The constant-time kernel for processors without AES instructions.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Blocks)]
    public void Portable() => Aes128.Encrypt(in _key, _data, _data);

    /// <summary>The processor's instructions, eight blocks in flight.</summary>
    [Benchmark(OperationsPerInvoke = Blocks)]
    public void Intrinsics() => Aes128.Encrypt(in _key, _data, _data);

    /// <summary>.NET's own AES: the operating system's library.</summary>
    [Benchmark(OperationsPerInvoke = Blocks)]
    public int Platform()
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(_data.AsSpan());
        return _platform.EncryptEcb(bytes, bytes, PaddingMode.None);
    }
}
