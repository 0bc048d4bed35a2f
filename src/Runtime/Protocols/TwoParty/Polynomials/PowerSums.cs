using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>A party's shares of x, x², …, of one inference, of which a polynomial is a linear combination.</summary>
/// <param name="bits">k: shares are modulo 2^k.</param>
internal sealed class PowerSums<TWord>(int bits)
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly SortedDictionary<int, TWord[]> _shares = [];

    /// <summary>The share of a power that has been set.</summary>
    public TWord[] this[int power]
    {
        get => _shares[power];
        set => _shares[power] = value;
    }

    /// <summary>The share of Σ a_k·x^k.</summary>
    /// <param name="step">Has the coefficients.</param>
    /// <param name="constant">The share of 1: 1 for one party, 0 for the other.</param>
    public TWord[] Combine(PolynomialStep step, TWord constant)
    {
        RingPolynomial<TWord> polynomial = new(step);
        TWord[] sum = new TWord[_shares[1].Length];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = constant * polynomial.Of(i)[0];
        foreach ((int power, TWord[] share) in _shares.Where(p => p.Key <= step.Degree))
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += polynomial.Of(i)[power] * share[i];
        }

        TWord mask = Words.Mask<TWord>(bits);
        foreach (ref TWord word in sum.AsSpan())
            word &= mask;
        return sum;
    }

    /// <summary>Clears all shares.</summary>
    public void Clear()
    {
        foreach (TWord[] share in _shares.Values)
            Array.Clear(share);
    }
}
