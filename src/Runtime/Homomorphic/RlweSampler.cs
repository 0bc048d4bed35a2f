using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Draws the scheme's random polynomials. Small values are written as signed integers, which are residues
/// of every prime alike. Secret samples are made without branches or table indices that depend on them.
/// </summary>
internal sealed class RlweSampler(IRandomSource random)
{
    /// <summary>η of the centred binomial error: the difference of two sums of 21 bits, standard deviation √(21/2) ≈ 3.24.</summary>
    public const int BinomialBits = 21;

    private const int ChunkWords = 512;

    private readonly ulong[] _words = new ulong[ChunkWords];

    /// <summary>Uniform residues below a prime of 36 bits, by rejection; for public polynomials.</summary>
    public void Uniform(Span<double> destination, ulong prime)
    {
        const ulong Mask = (1UL << 36) - 1;
        var filled = 0;
        while (filled < destination.Length)
        {
            foreach (var word in Next(destination.Length - filled))
            {
                var candidate = word & Mask;
                if (candidate < prime)
                    destination[filled++] = candidate;
            }
        }
    }

    /// <summary>Errors of the centred binomial distribution.</summary>
    public void CenteredBinomial(Span<double> destination)
    {
        const ulong Mask = (1UL << BinomialBits) - 1;
        while (!destination.IsEmpty)
        {
            var words = Next(destination.Length);
            for (var i = 0; i < words.Length; i++)
                destination[i] = BitOperations.PopCount(words[i] & Mask) - BitOperations.PopCount((words[i] >> BinomialBits) & Mask);
            destination = destination[words.Length..];
        }
    }

    /// <summary>Elements of {−1, 0, 1}, uniform up to 2^-62 each.</summary>
    public void Ternary(Span<double> destination)
    {
        while (!destination.IsEmpty)
        {
            var words = Next(destination.Length);
            for (var i = 0; i < words.Length; i++)
                destination[i] = (int)Math.BigMul(words[i], 3, out _) - 1;
            destination = destination[words.Length..];
        }
    }

    /// <summary>Uniform integers of the given number of bits, 0 to 64.</summary>
    public void UniformBits(Span<ulong> destination, int bits)
    {
        random.Fill(MemoryMarshal.AsBytes(destination));
        var mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        for (var i = 0; i < destination.Length; i++)
            destination[i] &= mask;
    }

    /// <summary>Overwrites what is left of the last secret samples.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_words.AsSpan()));

    private ReadOnlySpan<ulong> Next(int wanted)
    {
        var words = _words.AsSpan(0, Math.Min(wanted, ChunkWords));
        random.Fill(MemoryMarshal.AsBytes(words));
        return words;
    }
}
