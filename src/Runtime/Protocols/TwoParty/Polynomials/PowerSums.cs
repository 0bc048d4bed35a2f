using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>A party's shares of x, x², …, of one inference, of which a polynomial is a linear combination.</summary>
internal sealed class PowerSums(Ring ring)
{
    private readonly SortedDictionary<int, ulong[]> _shares = [];

    /// <summary>The share of a power that has been set.</summary>
    public ulong[] this[int power]
    {
        get => _shares[power];
        set => _shares[power] = value;
    }

    /// <summary>The share of Σ a_k·x^k.</summary>
    /// <param name="step">Has the coefficients.</param>
    /// <param name="constant">The share of 1: 1 for one party, 0 for the other.</param>
    public ulong[] Combine(PolynomialStep step, ulong constant)
    {
        RingPolynomial<ulong> polynomial = new(step);
        ulong[] sum = new ulong[_shares[1].Length];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = constant * polynomial.Of(i)[0];
        foreach ((int power, ulong[] share) in _shares.Where(p => p.Key <= step.Degree))
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += polynomial.Of(i)[power] * share[i];
        }

        foreach (ref ulong word in sum.AsSpan())
            word &= ring.Mask;
        return sum;
    }

    /// <summary>Clears all shares.</summary>
    public void Clear()
    {
        foreach (ulong[] share in _shares.Values)
            Array.Clear(share);
    }
}
