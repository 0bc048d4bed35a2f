using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Which powers above the second a polynomial takes, as products of two lower ones: x^n = x^⌊n/2⌋·x^⌈n/2⌉. Powers without a
/// coefficient in any channel that no other power needs are left out.
/// </summary>
internal sealed class BeaverSchedule
{
    private const int Given = 2;

    public BeaverSchedule(PolynomialStep step)
    {
        SortedSet<int> needed = [.. Enumerable.Range(Given + 1, Math.Max(0, step.Degree - Given)).Where(n => HasCoefficient(step, n))];
        for (int n = step.Degree; n > Given; n--)
        {
            if (needed.Contains(n))
                needed.UnionWith(new[] { n / 2, (n + 1) / 2 }.Where(f => f > Given));
        }

        Powers = [.. needed];
        Factors = [.. Powers.SelectMany(n => new[] { n / 2, (n + 1) / 2 }).Distinct().Order()];
    }

    /// <summary>The powers that are products, ascending.</summary>
    public ImmutableArray<int> Powers { get; }

    /// <summary>The powers that are multiplied, ascending; the first and the second are there from the beginning.</summary>
    public ImmutableArray<int> Factors { get; }

    /// <summary>Factors that are there from the beginning.</summary>
    public IEnumerable<int> FirstFactors => Factors.Where(f => f <= Given);

    /// <summary>Factors that are products themselves.</summary>
    public IEnumerable<int> SecondFactors => Factors.Where(f => f > Given);

    /// <summary>The factors whose server's words a client's word of <paramref name="factor"/> is multiplied with.</summary>
    public ImmutableArray<int> Partners(int factor)
        => [.. Powers.SelectMany(n => new[] { (n / 2, (n + 1) / 2), ((n + 1) / 2, n / 2) }).Where(p => p.Item1 == factor).Select(p => p.Item2).Distinct().Order()];

    private static bool HasCoefficient(PolynomialStep step, int power)
        => Enumerable.Range(0, step.Channels).Any(c => step.Coefficients[(c * (step.Degree + 1)) + power] != 0);
}
