using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The choosing party of <see cref="GilboaProducts"/>, element after element. Disposal clears the pads.</summary>
/// <param name="sizes">Of the products.</param>
/// <param name="hash">At fresh tweaks.</param>
/// <param name="keys">Transfers in which A's bits have chosen, element by element.</param>
/// <param name="corrections">From the other party.</param>
internal ref struct GilboaChoices<TWord>(GilboaProducts sizes, TweakableHash hash, ReadOnlySpan<Block> keys, ReadOnlySpan<byte> corrections)
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly GilboaProducts _sizes = sizes;
    private readonly TweakableHash _hash = hash;
    private readonly int _stride = PowerPads<TWord>.Stride(sizes.Factors);
    private readonly TWord[] _pads = new TWord[PowerPads<TWord>.Stride(sizes.Factors) * sizes.ChoiceBits];
    private readonly TWord _mask = Words.Mask<TWord>(sizes.RingBits);
    private ReadOnlySpan<Block> _keys = keys;
    private BitReader _corrections = new(corrections);

    /// <summary>The next element's shares: Σ 2^i·(pad + bit·correction), where the highest bit of a signed word counts negatively.</summary>
    /// <param name="chosen">A.</param>
    /// <param name="shares">Receives the shares, one a factor.</param>
    public void Multiply(TWord chosen, scoped Span<TWord> shares)
    {
        int bits = _sizes.ChoiceBits, ring = _sizes.RingBits, stride = _stride;
        ReadOnlySpan<TWord> pads = _pads;
        BitReader reader = _corrections;
        PowerPads<TWord>.Fill(_hash, _keys[..bits], _sizes.Factors, _pads);
        _keys = _keys[bits..];
        for (int factor = 0; factor < _sizes.Factors; factor++)
        {
            TWord sum = TWord.Zero, term = TWord.Zero;
            for (int i = 0; i < bits; i++)
            {
                term = (pads[(stride * i) + factor] + ((TWord.Zero - ((chosen >> i) & TWord.One)) & reader.Read<TWord>(ring - i))) << i;
                sum += term;
            }

            shares[factor] = (sum - (term + term)) & _mask;
        }

        _corrections = reader;
    }

    public readonly void Dispose() => Array.Clear(_pads);
}
