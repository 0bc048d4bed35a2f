using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// Breaks the correlation of correlated OT, without communication: random 1-of-2 and 1-of-2^k OT of 128-bit messages or
/// single bits. Works on random and on chosen choices. The hash is that of garbling
/// (MiTCCRH, Guo, Katz, Wang, Weng and Yu, CRYPTO 2020) with one tweak for eight transfers; both parties make the same calls in
/// the same order, on objects made from the same public start point.
/// <para>
/// 1-of-2^k: k correlated OTs are one with Δ in GF(2^128) and a choice c of k bits: Q = Σ K_i·X^i and T = Σ M_i·X^i give
/// T = Q ⊕ c·Δ, c taken as a polynomial (the packing of subfield VOLE; SoftSpokenOT, Roy, CRYPTO 2022, hashes it into
/// 1-of-2^k OT). Message j is H(Q ⊕ j·Δ), which for j ≠ c is H(T ⊕ (j ⊕ c)·Δ), at a uniformly random unknown point. A tweak meets
/// μ = 8·(2^k − 1) unknown points, so p evaluations of the cipher have advantage at most about 2·μ·p/2^127.
/// </para>
/// </summary>
public sealed class TransferHash
{
    /// <summary>The largest k of 1-of-2^k.</summary>
    public const int MaxChoiceBits = 8;

    private const int Lanes = TweakableHash.Lanes;

    private readonly TweakableHash _hash;
    private readonly Block[] _input = new Block[Lanes];
    private readonly Block[] _output = new Block[Lanes];

    /// <param name="startPoint">Public, uniformly random, of this purpose and session only.</param>
    public TransferHash(Block startPoint) => _hash = new TweakableHash(startPoint, firstTweak: 0);

    /// <param name="session">Gives start point and tweaks.</param>
    /// <param name="transfers">How many will be hashed.</param>
    internal TransferHash(GarblingSession session, int transfers)
        => _hash = new TweakableHash(session.StartPoint, session.Reserve((ulong)((transfers + Lanes - 1) / Lanes)));

    /// <summary>The sender's two messages of each transfer.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void HashBoth(Block delta, ReadOnlySpan<Block> correlations, Span<Block> messagesOfZero, Span<Block> messagesOfOne)
    {
        RequireSame(correlations.Length, messagesOfZero.Length);
        RequireSame(correlations.Length, messagesOfOne.Length);
        for (int start = 0; start < correlations.Length; start += Lanes)
        {
            int count = Load(correlations[start..]);
            ref readonly AesKey key = ref _hash.NextKey();
            TweakableHash.Hash(in key, _input, default, _output);
            _output.AsSpan(0, count).CopyTo(messagesOfZero[start..]);
            TweakableHash.Hash(in key, _input, delta, _output);
            _output.AsSpan(0, count).CopyTo(messagesOfOne[start..]);
        }
    }

    /// <summary>The receiver's message of each transfer: that of its choice.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void HashChosen(ReadOnlySpan<Block> correlations, Span<Block> messages)
    {
        RequireSame(correlations.Length, messages.Length);
        for (int start = 0; start < correlations.Length; start += Lanes)
        {
            int count = Load(correlations[start..]);
            TweakableHash.Hash(in _hash.NextKey(), _input, default, _output);
            _output.AsSpan(0, count).CopyTo(messages[start..]);
        }
    }

    /// <summary>
    /// The sender's two bits of each transfer, packed. As a product of secret bits: with a = zero ⊕ one and the receiver's
    /// choice u and bit r, zero ⊕ r = a·u.
    /// </summary>
    /// <exception cref="ArgumentException">The destinations do not have one bit a correlation.</exception>
    public void HashBothToBits(Block delta, ReadOnlySpan<Block> correlations, Span<byte> bitsOfZero, Span<byte> bitsOfOne)
    {
        RequireSame((correlations.Length + 7) / 8, bitsOfZero.Length);
        RequireSame((correlations.Length + 7) / 8, bitsOfOne.Length);
        for (int start = 0; start < correlations.Length; start += Lanes)
        {
            int count = Load(correlations[start..]);
            ref readonly AesKey key = ref _hash.NextKey();
            TweakableHash.Hash(in key, _input, default, _output);
            bitsOfZero[start / Lanes] = PackBits(count);
            TweakableHash.Hash(in key, _input, delta, _output);
            bitsOfOne[start / Lanes] = PackBits(count);
        }
    }

    /// <summary>The receiver's bit of each transfer, packed.</summary>
    /// <exception cref="ArgumentException">The destination does not have one bit a correlation.</exception>
    public void HashChosenToBits(ReadOnlySpan<Block> correlations, Span<byte> bits)
    {
        RequireSame((correlations.Length + 7) / 8, bits.Length);
        for (int start = 0; start < correlations.Length; start += Lanes)
        {
            int count = Load(correlations[start..]);
            TweakableHash.Hash(in _hash.NextKey(), _input, default, _output);
            bits[start / Lanes] = PackBits(count);
        }
    }

    /// <summary>The sender's 2^k messages of each transfer, [transfer][message].</summary>
    /// <param name="delta">Δ.</param>
    /// <param name="choiceBits">k.</param>
    /// <param name="correlations">k a transfer, [transfer][bit], the choice's lowest bit first.</param>
    /// <param name="messages">2^k a transfer.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not 1 to <see cref="MaxChoiceBits"/>.</exception>
    /// <exception cref="ArgumentException">The spans do not fit each other.</exception>
    public void HashAll(Block delta, int choiceBits, ReadOnlySpan<Block> correlations, Span<Block> messages)
    {
        int transfers = Transfers(choiceBits, correlations.Length);
        RequireSame((long)transfers << choiceBits, messages.Length);
        Span<Block> offsets = stackalloc Block[1 << MaxChoiceBits];
        offsets = offsets[..(1 << choiceBits)];
        FillMultiples(delta, offsets);
        for (int start = 0; start < transfers; start += Lanes)
        {
            int count = LoadPacked(correlations[(start * choiceBits)..], choiceBits);
            ref readonly AesKey key = ref _hash.NextKey();
            for (int message = 0; message < offsets.Length; message++)
            {
                TweakableHash.Hash(in key, _input, offsets[message], _output);
                for (int i = 0; i < count; i++)
                    messages[((start + i) << choiceBits) + message] = _output[i];
            }
        }
    }

    /// <summary>The receiver's message of each transfer.</summary>
    /// <param name="choiceBits">k.</param>
    /// <param name="correlations">k a transfer, [transfer][bit], the choice's lowest bit first.</param>
    /// <param name="messages">One a transfer.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not 1 to <see cref="MaxChoiceBits"/>.</exception>
    /// <exception cref="ArgumentException">The spans do not fit each other.</exception>
    public void HashChosenOfMany(int choiceBits, ReadOnlySpan<Block> correlations, Span<Block> messages)
    {
        int transfers = Transfers(choiceBits, correlations.Length);
        RequireSame(transfers, messages.Length);
        for (int start = 0; start < transfers; start += Lanes)
        {
            int count = LoadPacked(correlations[(start * choiceBits)..], choiceBits);
            TweakableHash.Hash(in _hash.NextKey(), _input, default, _output);
            _output.AsSpan(0, count).CopyTo(messages[start..]);
        }
    }

    private static int Transfers(int choiceBits, int correlations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(choiceBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(choiceBits, MaxChoiceBits);
        if (correlations % choiceBits != 0)
            throw new ArgumentException($"A transfer takes {choiceBits} correlations; {correlations} is no multiple.", nameof(correlations));
        return correlations / choiceBits;
    }

    private static void RequireSame(long expected, long actual)
    {
        if (expected != actual)
            throw new ArgumentException($"A span has {actual} entries, not {expected} as the others require.", nameof(actual));
    }

    // j·Δ for all polynomials j of degree below k.
    private static void FillMultiples(Block delta, Span<Block> multiples)
    {
        multiples[0] = default;
        for (int known = 1; known < multiples.Length; known *= 2, delta = TimesX(delta))
        {
            for (int j = 0; j < known; j++)
                multiples[known + j] = multiples[j] ^ delta;
        }
    }

    // In GF(2^128) modulo X^128 + X^7 + X^2 + X + 1; bit i is the coefficient of X^i.
    private static Block TimesX(Block value)
    {
        ulong carry = 0UL - (value.High >> 63);
        return new((value.Low << 1) ^ (carry & 0x87), (value.High << 1) | (value.Low >> 63));
    }

    private int Load(ReadOnlySpan<Block> correlations)
    {
        int count = Math.Min(Lanes, correlations.Length);
        correlations[..count].CopyTo(_input);
        return count;
    }

    private int LoadPacked(ReadOnlySpan<Block> correlations, int choiceBits)
    {
        int count = Math.Min(Lanes, correlations.Length / choiceBits);
        for (int transfer = 0; transfer < count; transfer++)
        {
            ReadOnlySpan<Block> bits = correlations.Slice(transfer * choiceBits, choiceBits);
            Block packed = bits[^1];
            for (int bit = choiceBits - 2; bit >= 0; bit--)
                packed = TimesX(packed) ^ bits[bit];
            _input[transfer] = packed;
        }

        return count;
    }

    private byte PackBits(int count)
    {
        ulong bits = 0;
        for (int i = 0; i < count; i++)
            bits |= _output[i].LeastSignificantBit << i;
        return (byte)bits;
    }
}
