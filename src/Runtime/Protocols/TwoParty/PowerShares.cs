using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>A party's shares of u, u², … for each element; see <see cref="PolynomialProtocol"/>. Disposal clears them.</summary>
internal sealed class PowerShares : IDisposable
{
    private readonly PolynomialProtocol _protocol;
    private readonly ulong[][] _powers;

    public PowerShares(PolynomialProtocol protocol)
    {
        _protocol = protocol;
        _powers = [.. Enumerable.Range(0, protocol.Degree).Select(_ => new ulong[protocol.Count])];
    }

    /// <summary>The shares of the power <paramref name="exponent"/>, from 1.</summary>
    public ulong[] this[int exponent] => _powers[exponent - 1];

    /// <summary>Takes an exchange's products for an element, those with B_b for ascending b; see <see cref="PowerSchedule"/>.</summary>
    public void Add(int exchange, int element, ReadOnlySpan<ulong> products)
    {
        (int first, int last) = PowerSchedule.Offered(exchange, _protocol.Degree);
        ulong own = this[exchange][element], mask = _protocol.PowerRing.Mask;
        for (int b = first; b <= last; b++)
        {
            ulong product = products[b - first];
            ref ulong power = ref this[exchange + b][element];
            if (b <= exchange)
                power += own * this[b][element];
            power = (power + (b == exchange ? 2 * product : product)) & mask;
        }
    }

    /// <summary>
    /// The share of p(u + δ), modulo 2^k.
    /// </summary>
    /// <param name="opened">δ.</param>
    /// <param name="constant">The share of 1: 1 for one party, 0 for the other.</param>
    /// <param name="result">Receives the share.</param>
    public void Evaluate(ReadOnlySpan<ulong> opened, ulong constant, Span<ulong> result)
    {
        Span<ulong> shifted = stackalloc ulong[_protocol.Degree + 1];
        for (int i = 0; i < opened.Length; i++)
        {
            _protocol.Polynomial.Shift(i, opened[i], shifted);
            ulong sum = constant * shifted[0];
            for (int power = 0; power < _powers.Length; power++)
                sum += shifted[power + 1] * _powers[power][i];
            result[i] = sum & _protocol.PowerRing.Mask;
        }
    }

    public void Keep(MaterialFields fields)
    {
        foreach (ulong[] power in _powers)
            fields.Keep(power);
    }

    /// <summary>The share of u + δ, modulo 2^k; parameters as above.</summary>
    public void Identity(ReadOnlySpan<ulong> opened, ulong constant, Span<ulong> result)
    {
        for (int i = 0; i < opened.Length; i++)
            result[i] = (_powers[0][i] + (constant * opened[i])) & _protocol.PowerRing.Mask;
    }

    public void Dispose()
    {
        foreach (ulong[] power in _powers)
            Array.Clear(power);
    }
}
