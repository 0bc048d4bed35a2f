using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The hash of garbling: multi-instance tweakable, circular correlation robust (MiTCCRH) as in Guo, Katz, Wang, Weng and
/// Yu, "Better concrete security for half-gates garbling" (CRYPTO 2020): H(x, i) = AES_k(σ(x)) ⊕ σ(x) with key
/// k = S ⊕ i for the session's start point S, and the linear orthomorphism σ(xᴴ‖xᴸ) = (xᴴ ⊕ xᴸ)‖xᴴ.
/// <para>
/// A gate half of a block of eight instances shares one tweak, and so do eight shared decisions that are hashed to pads, so a
/// tweak meets μ = 8 unknown labels. In the ideal-cipher model the distinguishing advantage is at most 2μp/2^ρ + (μ − 1)q/2^128 for p cipher evaluations, q hashes and ρ = 127
/// random bits of Δ: p·2^-123 + q·2^-125.
/// </para>
/// </summary>
internal sealed class TweakableHash
{
    /// <summary>Instances that are hashed side by side under one key.</summary>
    public const int Lanes = Aes128.Lanes;

    private const int KeysAhead = 8;

    private readonly Block _startPoint;
    private readonly AesKey[] _keys = new AesKey[KeysAhead];
    private readonly Block[] _expand = new Block[KeysAhead];
    private ulong _nextTweak;
    private int _used = KeysAhead;

    /// <summary>Hashes under tweaks <paramref name="firstTweak"/>, <paramref name="firstTweak"/> + 1, ….</summary>
    public TweakableHash(Block startPoint, ulong firstTweak)
    {
        _startPoint = startPoint;
        _nextTweak = firstTweak;
    }

    /// <summary>The key of the next tweak. Keys are expanded eight at a time: one alone is bound by its latency.</summary>
    public ref readonly AesKey NextKey()
    {
        if (_used == KeysAhead)
            ExpandNext();
        return ref _keys[_used++];
    }

    /// <summary>result = H(labels ⊕ offset) in every lane.</summary>
    public static void Hash(ref readonly AesKey key, ReadOnlySpan<Block> labels, Block offset, Span<Block> result)
    {
        Span<Block> input = stackalloc Block[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
            input[lane] = new Block(Sigma((labels[lane] ^ offset).Vector.AsUInt64()).AsByte());
        Aes128.Encrypt8(in key, ref input[0], ref result[0]);
        for (int lane = 0; lane < Lanes; lane++)
            result[lane] ^= input[lane];
    }

    /// <summary>σ of two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<ulong> Sigma(Vector256<ulong> x)
    {
        // Elsewhere .NET would shuffle element by element.
        if (!Vector256.IsHardwareAccelerated)
            return Vector256.Create(Sigma(x.GetLower()), Sigma(x.GetUpper()));
        Vector256<ulong> swapped = Vector256.Shuffle(x, Vector256.Create(1UL, 0, 3, 2));
        return swapped ^ (x & Vector256.Create(0, ulong.MaxValue, 0, ulong.MaxValue));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Sigma(Vector128<ulong> x) =>
        Vector128.Shuffle(x, Vector128.Create(1UL, 0UL)) ^ (x & Vector128.Create(0UL, ulong.MaxValue));

    private void ExpandNext()
    {
        for (int i = 0; i < KeysAhead; i++)
            _expand[i] = _startPoint ^ new Block(_nextTweak++, 0);
        Aes128.ExpandKeys(_expand, _keys);
        _used = 0;
    }
}
