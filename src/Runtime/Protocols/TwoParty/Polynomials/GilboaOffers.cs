using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// The offering party of <see cref="GilboaProducts"/>, element after element: first its shares, which follow from pads alone, so that a
/// word that depends on them can be offered right away. Disposal clears the pads.
/// </summary>
/// <param name="sizes">Of the products.</param>
/// <param name="hash">At fresh tweaks.</param>
/// <param name="keys">The transfers.</param>
/// <param name="delta">Their Δ.</param>
/// <param name="corrections">Receives <see cref="GilboaProducts.CorrectionBytes"/>.</param>
internal ref struct GilboaOffers<TWord>(GilboaProducts sizes, TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, Span<byte> corrections)
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly GilboaProducts _sizes = sizes;
    private readonly TweakableHash _hash = hash;
    private readonly Block _delta = delta;
    private readonly int _stride = PowerPads<TWord>.Stride(sizes.Factors);
    private readonly TWord[] _pads = new TWord[PowerPads<TWord>.Stride(sizes.Factors) * sizes.ChoiceBits];
    private readonly TWord[] _offsetPads = new TWord[PowerPads<TWord>.Stride(sizes.Factors) * sizes.ChoiceBits];
    private readonly TWord _mask = Words.Mask<TWord>(sizes.RingBits);
    private ReadOnlySpan<Block> _keys = keys;
    private BitWriter _corrections = new(corrections);

    /// <summary>The next element's shares: −Σ 2^i·pad, where the highest bit of a signed word counts negatively.</summary>
    /// <param name="shares">Receives the shares, one a factor.</param>
    public void Multiply(scoped Span<TWord> shares)
    {
        int bits = _sizes.ChoiceBits, stride = _stride;
        ReadOnlySpan<TWord> pads = _pads;
        PowerPads<TWord>.FillBoth(_hash, _keys[..bits], _delta, _sizes.Factors, _pads, _offsetPads);
        _keys = _keys[bits..];
        for (int factor = 0; factor < _sizes.Factors; factor++)
        {
            TWord sum = TWord.Zero, term = TWord.Zero;
            for (int i = 0; i < bits; i++)
            {
                term = pads[(stride * i) + factor] << i;
                sum += term;
            }

            shares[factor] = (term + term - sum) & _mask;
        }
    }

    /// <summary>Writes that element's corrections for a factor; factors in ascending order.</summary>
    /// <param name="factor">Which B.</param>
    /// <param name="offered">B.</param>
    public void Offer(int factor, TWord offered)
    {
        int ring = _sizes.RingBits, stride = _stride;
        ReadOnlySpan<TWord> pads = _pads, offsetPads = _offsetPads;
        BitWriter writer = _corrections;
        for (int i = 0; i < _sizes.ChoiceBits; i++)
        {
            int pad = (stride * i) + factor;
            writer.Write((pads[pad] - offsetPads[pad] + offered) & Words.Mask<TWord>(ring - i), ring - i);
        }

        _corrections = writer;
    }

    /// <summary>Ends the corrections.</summary>
    public void Flush() => _corrections.Flush();

    public readonly void Dispose()
    {
        Array.Clear(_pads);
        Array.Clear(_offsetPads);
    }
}
