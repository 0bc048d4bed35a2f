using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>A party's shares of u, u², … for each element; see <see cref="PolynomialProtocol"/>. Disposal clears them.</summary>
internal sealed class PowerShares<TWord> : IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol;
    private readonly RingPolynomial<TWord> _polynomial;
    private readonly TWord[][] _powers;
    private readonly TWord _mask;

    public PowerShares(PolynomialProtocol protocol)
    {
        _protocol = protocol;
        _polynomial = new RingPolynomial<TWord>(protocol.Definition);
        _mask = Words.Mask<TWord>(protocol.PowerBits);
        _powers = [.. Enumerable.Range(0, protocol.Degree).Select(_ => new TWord[protocol.Count])];
    }

    /// <summary>The shares of the power <paramref name="exponent"/>, from 1.</summary>
    public TWord[] this[int exponent] => _powers[exponent - 1];

    /// <summary>Those of all powers below the degree, ascending.</summary>
    public IEnumerable<TWord[]> Lower => _powers.SkipLast(1);

    /// <summary>Takes an exchange's products for an element, those with B_b for ascending b; see <see cref="PowerSchedule"/>.</summary>
    public void Add(int exchange, int element, ReadOnlySpan<TWord> products)
    {
        (int first, int last) = PowerSchedule.Offered(exchange, _protocol.Degree);
        TWord own = this[exchange][element];
        for (int b = first; b <= last; b++)
        {
            TWord product = products[b - first];
            ref TWord power = ref this[exchange + b][element];
            if (b <= exchange)
                power += own * this[b][element];
            power = (power + (b == exchange ? product + product : product)) & _mask;
        }
    }

    /// <summary>
    /// The share of p(u + δ), modulo 2^k, of consecutive elements.
    /// </summary>
    /// <param name="start">The first of them.</param>
    /// <param name="opened">Their δ.</param>
    /// <param name="constant">The share of 1: 1 for one party, 0 for the other.</param>
    /// <param name="result">Receives the share.</param>
    public void Evaluate(int start, ReadOnlySpan<TWord> opened, TWord constant, Span<TWord> result)
    {
        Span<TWord> shifted = stackalloc TWord[_protocol.Degree + 1];
        for (int i = 0; i < opened.Length; i++)
        {
            _polynomial.Shift(start + i, opened[i], shifted);
            TWord sum = constant * shifted[0];
            for (int power = 0; power < _powers.Length; power++)
                sum += shifted[power + 1] * _powers[power][start + i];
            result[i] = sum & _mask;
        }
    }

    public void Keep(MaterialFields fields)
    {
        foreach (TWord[] power in _powers)
            fields.Keep<TWord>(power);
    }

    /// <summary>The share of u + δ of all elements, modulo 2^k; parameters as above.</summary>
    public void Identity(ReadOnlySpan<TWord> opened, TWord constant, Span<TWord> result)
    {
        for (int i = 0; i < opened.Length; i++)
            result[i] = (_powers[0][i] + (constant * opened[i])) & _mask;
    }

    public void Dispose()
    {
        foreach (TWord[] power in _powers)
            Array.Clear(power);
    }
}
