using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PrivateInference.Runtime.Randomness;

/// <summary>Where all secrets begin: 128-bit seeds from the operating system.</summary>
public static class SecureRandom
{
    /// <summary>128 fresh bits from the operating system.</summary>
    public static Block NextBlock()
    {
        Block block = default;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<Block>(ref block)));
        return block;
    }

    /// <summary>A generator with a fresh seed.</summary>
    public static AesCtrGenerator CreateGenerator() => new(NextBlock());
}
