using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// A party's shares, modulo 2^(k−m+f), of γ·u^j and of τγ·u^j for j from 0 to degree − 1; see <see cref="PolynomialProtocol"/>. Empty
/// where the input's halves need no wrap. Disposal clears them.
/// </summary>
internal sealed class WrapShares : IDisposable
{
    private readonly PolynomialProtocol _protocol;
    private readonly ulong[][] _signed;
    private readonly ulong[][] _chosen;

    public WrapShares(PolynomialProtocol protocol)
    {
        _protocol = protocol;
        int terms = protocol.InputShift.Wraps ? protocol.Degree : 0;
        _signed = [.. Enumerable.Range(0, terms).Select(_ => new ulong[protocol.Count])];
        _chosen = [.. Enumerable.Range(0, terms).Select(_ => new ulong[protocol.Count])];
    }

    /// <summary>The shares of γ·u^j, by j.</summary>
    public IReadOnlyList<ulong[]> Signed => _signed;

    /// <summary>The shares of τγ·u^j, by j.</summary>
    public IReadOnlyList<ulong[]> Chosen => _chosen;

    /// <summary>
    /// Adds the share of γσ·D(u + δ) with σ = β ⊕ τ, modulo 2^k. D's coefficients are multiples of 2^(m−f), so that shares modulo
    /// 2^(k−m+f) suffice.
    /// </summary>
    /// <param name="opened">δ.</param>
    /// <param name="signs">β.</param>
    /// <param name="result">What it is added to.</param>
    public void AddTo(ReadOnlySpan<ulong> opened, ReadOnlySpan<ulong> signs, Span<ulong> result)
    {
        if (_protocol.Difference is not { } difference)
            return;
        Span<ulong> shifted = stackalloc ulong[_protocol.Degree];
        for (int i = 0; i < result.Length; i++)
        {
            difference.Shift(i, opened[i], shifted);
            ulong sum = 0, sign = signs[i];
            for (int j = 0; j < shifted.Length; j++)
                sum += shifted[j] * ((sign * _signed[j][i]) + ((1 - (2 * sign)) * _chosen[j][i]));
            result[i] = (result[i] + sum) & _protocol.PowerRing.Mask;
        }
    }

    /// <summary>Adds the share of 2^(m−f)·γσ with σ = β ⊕ τ, modulo 2^k.</summary>
    public void AddWrap(ReadOnlySpan<ulong> signs, Span<ulong> result)
    {
        if (_signed.Length == 0)
            return;
        for (int i = 0; i < result.Length; i++)
        {
            ulong product = (signs[i] * _signed[0][i]) + ((1 - (2 * signs[i])) * _chosen[0][i]);
            result[i] = (result[i] + (_protocol.InputShift.Wrap * product)) & _protocol.PowerRing.Mask;
        }
    }

    public void Keep(MaterialFields fields)
    {
        foreach (ulong[] share in _signed.Concat(_chosen))
            fields.Keep(share);
    }

    public void Dispose()
    {
        foreach (ulong[] share in _signed.Concat(_chosen))
            Array.Clear(share);
    }
}
