using System.Buffers.Binary;
using System.Security.Cryptography;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The public bytes that a 16-byte seed stands for: AES-128 in counter mode, counting from 0. Both parties expand the
/// uniform polynomials of keys and ciphertexts with it, so that only seeds travel.
/// </summary>
public sealed class SeedExpander : IRandomSource, IDisposable
{
    /// <summary>Bytes of a seed.</summary>
    public const int SeedBytes = 16;

    private const int BlockBytes = 16;

    private readonly Aes _aes = Aes.Create();
    private readonly byte[] _counters = new byte[512 * BlockBytes];
    private readonly byte[] _buffer = new byte[512 * BlockBytes];
    private ulong _nextBlock;
    private int _used;

    /// <exception cref="ArgumentException">The seed does not have <see cref="SeedBytes"/> bytes.</exception>
    public SeedExpander(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedBytes)
            throw new ArgumentException($"A seed has {SeedBytes} bytes, not {seed.Length}.", nameof(seed));
        _aes.Key = seed.ToArray();
        _used = _buffer.Length;
    }

    public void Fill(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == _buffer.Length)
                Refill();
            var count = Math.Min(bytes.Length, _buffer.Length - _used);
            _buffer.AsSpan(_used, count).CopyTo(bytes);
            bytes = bytes[count..];
            _used += count;
        }
    }

    public void Dispose() => _aes.Dispose();

    private void Refill()
    {
        for (var offset = 0; offset < _counters.Length; offset += BlockBytes)
            BinaryPrimitives.WriteUInt64LittleEndian(_counters.AsSpan(offset), _nextBlock++);
        _aes.EncryptEcb(_counters, _buffer, PaddingMode.None);
        _used = 0;
    }
}
