using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Turns correlations with random choices u into correlations with chosen ones c, by one bit each: Beaver, "Precomputing
/// oblivious transfer" (CRYPTO 1995). The receiver sends d = c ⊕ u and keeps M; the sender's K becomes K ⊕ d·Δ, so that
/// M = K ⊕ c·Δ. Bit 0 no longer has a meaning of its own: it is d at the sender and u at the receiver.
/// </summary>
public static class ChosenChoice
{
    /// <summary>Bytes the receiver sends: d, packed.</summary>
    public static long ReceiverBytes(long count) => (count + 7) / 8;

    /// <summary>The receiver's message.</summary>
    /// <param name="correlations">M, with u in bit 0.</param>
    /// <param name="choices">c; entry i has bit i mod 8 of byte i / 8.</param>
    /// <param name="corrections">d, <see cref="ReceiverBytes"/> bytes, packed like c; bits beyond the last are zero.</param>
    /// <exception cref="ArgumentException">There are too few choices, or corrections have the wrong length.</exception>
    public static void Request(ReadOnlySpan<Block> correlations, ReadOnlySpan<byte> choices, Span<byte> corrections)
    {
        RequireLength(correlations.Length, corrections.Length);
        if (choices.Length < corrections.Length)
            throw new ArgumentException("There are fewer choices than correlations.", nameof(choices));

        PackRandomChoices(correlations, corrections);
        for (int i = 0; i < corrections.Length; i++)
            corrections[i] ^= choices[i];
        if (correlations.Length % 8 != 0)
            corrections[^1] &= (byte)((1 << (correlations.Length % 8)) - 1);
    }

    /// <summary>The sender's side: K becomes K ⊕ d·Δ.</summary>
    /// <exception cref="ArgumentException">Corrections have the wrong length.</exception>
    public static void Apply(Block delta, ReadOnlySpan<byte> corrections, Span<Block> correlations)
    {
        RequireLength(correlations.Length, corrections.Length);
        for (int i = 0; i < correlations.Length; i++)
            correlations[i] ^= delta & Block.Mask((ulong)(corrections[i / 8] >> (i % 8)));
    }

    /// <summary>u, packed: bit 0 of each correlation of a <see cref="SilentOtReceiver"/>.</summary>
    /// <exception cref="ArgumentException">The destination has the wrong length.</exception>
    public static void PackRandomChoices(ReadOnlySpan<Block> correlations, Span<byte> choices)
    {
        RequireLength(correlations.Length, choices.Length);
        choices.Clear();
        for (int i = 0; i < correlations.Length; i++)
            choices[i / 8] |= (byte)(correlations[i].LeastSignificantBit << (i % 8));
    }

    private static void RequireLength(int count, int bytes)
    {
        if (bytes != ReceiverBytes(count))
            throw new ArgumentException($"{count} bits have {ReceiverBytes(count)} bytes, not {bytes}.", nameof(bytes));
    }
}
