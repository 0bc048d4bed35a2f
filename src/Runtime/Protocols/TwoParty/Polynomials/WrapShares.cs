using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// A party's shares, modulo 2^(k−m+f), of γ·u^j and of τγ·u^j for j from 0 to degree − 1; see <see cref="PolynomialProtocol"/>. Empty
/// where the input's halves need no wrap. Disposal clears them.
/// </summary>
internal sealed class WrapShares<TWord> : IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol;
    private readonly RingPolynomial<TWord>? _difference;
    private readonly TWord[][] _signed;
    private readonly TWord[][] _chosen;

    public WrapShares(PolynomialProtocol protocol)
    {
        _protocol = protocol;
        if (protocol.InputShift.Wraps)
            _difference = new RingPolynomial<TWord>(protocol.Definition).Difference(protocol.InputShift.Wrap<TWord>());
        int terms = protocol.InputShift.Wraps ? protocol.Degree : 0;
        _signed = [.. Enumerable.Range(0, terms).Select(_ => new TWord[protocol.Count])];
        _chosen = [.. Enumerable.Range(0, terms).Select(_ => new TWord[protocol.Count])];
    }

    /// <summary>The shares of γ·u^j, by j.</summary>
    public IReadOnlyList<TWord[]> Signed => _signed;

    /// <summary>The shares of τγ·u^j, by j.</summary>
    public IReadOnlyList<TWord[]> Chosen => _chosen;

    /// <summary>
    /// Adds the share of γσ·D(u + δ) with σ = β ⊕ τ, modulo 2^k. D's coefficients are multiples of 2^(m−f), so that shares modulo
    /// 2^(k−m+f) suffice.
    /// </summary>
    /// <param name="start">The first of some consecutive elements.</param>
    /// <param name="opened">Their δ.</param>
    /// <param name="signs">Their β.</param>
    /// <param name="result">What it is added to.</param>
    public void AddTo(int start, ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs, Span<TWord> result)
    {
        if (_difference is null)
            return;
        TWord mask = Words.Mask<TWord>(_protocol.PowerBits);
        Span<TWord> shifted = stackalloc TWord[_protocol.Degree];
        for (int i = 0; i < result.Length; i++)
        {
            _difference.Shift(start + i, opened[i], shifted);
            TWord sum = TWord.Zero, sign = TWord.CreateTruncating(signs[i]), turn = TWord.One - (sign + sign);
            for (int j = 0; j < shifted.Length; j++)
                sum += shifted[j] * ((sign * _signed[j][start + i]) + (turn * _chosen[j][start + i]));
            result[i] = (result[i] + sum) & mask;
        }
    }

    /// <summary>Adds the share of 2^(m−f)·γσ of all elements, with σ = β ⊕ τ, modulo 2^k.</summary>
    public void AddWrap(ReadOnlySpan<ulong> signs, Span<TWord> result)
    {
        if (_signed.Length == 0)
            return;
        TWord mask = Words.Mask<TWord>(_protocol.PowerBits), wrap = _protocol.InputShift.Wrap<TWord>();
        for (int i = 0; i < result.Length; i++)
        {
            TWord sign = TWord.CreateTruncating(signs[i]), turn = TWord.One - (sign + sign);
            result[i] = (result[i] + (wrap * ((sign * _signed[0][i]) + (turn * _chosen[0][i])))) & mask;
        }
    }

    public void Keep(MaterialFields fields)
    {
        foreach (TWord[] share in _signed.Concat(_chosen))
            fields.Keep<TWord>(share);
    }

    public void Dispose()
    {
        foreach (TWord[] share in _signed.Concat(_chosen))
            Array.Clear(share);
    }
}
