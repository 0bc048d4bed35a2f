using System.Runtime.CompilerServices;

namespace PrivateInference.Runtime.Randomness;

/// <summary>The eleven round keys of AES-128 (FIPS 197, section 5.2), in the byte order of the standard.</summary>
[InlineArray(RoundKeys)]
public struct AesKey
{
    /// <summary>Round keys of AES-128: one before the first of ten rounds, then one a round.</summary>
    public const int RoundKeys = 11;

    private Block _first;

    /// <summary>Expands one key; many at once go faster through <see cref="Aes128.ExpandKeys"/>.</summary>
    public static AesKey Expand(Block key)
    {
        AesKey expanded = default;
        Aes128.ExpandKeys(new ReadOnlySpan<Block>(in key), new Span<AesKey>(ref expanded));
        return expanded;
    }
}
