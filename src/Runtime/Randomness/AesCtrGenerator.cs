using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Randomness;

/// <summary>
/// A pseudorandom generator: the AES-128 counter-mode key stream (NIST SP 800-38A, section 6.5) of a 128-bit seed, from
/// counter zero. Two parties with one seed read the same stream when they make the same calls: each call starts at a
/// block of its own. Not for use by two threads at once.
/// </summary>
public sealed class AesCtrGenerator : IRandomSource
{
    private readonly Block _seed;
    private readonly AesKey _key;
    private readonly ulong _nonce;
    private ulong _counter;

    public AesCtrGenerator(Block seed)
        : this(seed, nonce: 0, counter: 0)
    {
    }

    /// <summary>A stream whose first counter block is <paramref name="nonce"/>, <paramref name="counter"/>, big-endian.</summary>
    internal AesCtrGenerator(Block seed, ulong nonce, ulong counter)
    {
        _seed = seed;
        _key = AesKey.Expand(seed);
        _nonce = BinaryPrimitives.ReverseEndianness(nonce);
        _counter = counter;
    }

    /// <summary>The next 128 bits.</summary>
    public Block NextBlock()
    {
        Block block = default;
        Fill(new Span<Block>(ref block));
        return block;
    }

    /// <summary>Fills <paramref name="blocks"/> with the next bits of the stream.</summary>
    public void Fill(Span<Block> blocks)
    {
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new Block(_nonce, BinaryPrimitives.ReverseEndianness(_counter++));
        Aes128.Encrypt(in _key, blocks, blocks);
    }

    /// <summary>Fills <paramref name="bytes"/>; what is left of the last block is dropped.</summary>
    public void Fill(Span<byte> bytes)
    {
        Span<Block> whole = MemoryMarshal.Cast<byte, Block>(bytes);
        Fill(whole);

        Span<byte> rest = bytes[(whole.Length * Block.Size)..];
        if (rest.IsEmpty)
            return;
        Block last = NextBlock();
        MemoryMarshal.AsBytes(new Span<Block>(ref last))[..rest.Length].CopyTo(rest);
    }

    /// <summary>Fills <paramref name="words"/> with uniform elements of the ring modulo 2^<paramref name="ringBits"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The ring does not have 1 to 64 bits.</exception>
    public void FillRing(Span<ulong> words, int ringBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ringBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ringBits, Words.NarrowBits);
        FillRing<ulong>(words, ringBits);
    }

    /// <summary>Fills with uniform words of so many bits, as many as a word has at most.</summary>
    internal void FillRing<TWord>(Span<TWord> words, int ringBits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        Fill(MemoryMarshal.AsBytes(words));
        TWord mask = Words.Mask<TWord>(ringBits);
        foreach (ref TWord word in words)
            word &= mask;
    }

    /// <summary>
    /// An independent generator for the purpose that <paramref name="domain"/> names: its seed is HMAC-SHA-256 of the
    /// name under this seed, truncated. The same domain gives the same generator, wherever this stream stands.
    /// </summary>
    public AesCtrGenerator Fork(string domain)
    {
        Span<byte> seed = stackalloc byte[Block.Size];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _seed.Write(seed);
        HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(domain), mac);
        return new AesCtrGenerator(Block.Read(mac));
    }
}
