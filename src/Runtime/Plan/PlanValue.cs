using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// A fixed-point tensor: real value = integer / <see cref="Scale"/>. The integer lives in the plan's ring, as a signed
/// number of <see cref="Bits"/> bits on the analysed range.
/// </summary>
public sealed record PlanValue
{
    public required string Name { get; init; }

    public required ImmutableArray<int> Shape { get; init; }

    /// <summary>
    /// Integer per unit of the real value; a power of two unless an average pool left its divisor here, or a quantised model's
    /// input or output its scale. Between its layers, a quantised model's real values are its own integers.
    /// </summary>
    public required double Scale { get; init; }

    /// <summary>m: on the analysed range −2^(m−1) ≤ integer &lt; 2^(m−1).</summary>
    public required int Bits { get; init; }

    /// <summary>The analysed range of the real value.</summary>
    public required double Minimum { get; init; }

    /// <inheritdoc cref="Minimum"/>
    public required double Maximum { get; init; }

    /// <summary>
    /// Worst-case absolute error of the real value against exact arithmetic on the analysed range; NaN where no bound is known.
    /// In a quantised model it counts from the last rounding to integers, which is part of the model.
    /// </summary>
    public double ErrorBound { get; init; } = double.NaN;

    public int Count
    {
        get
        {
            int count = 1;
            foreach (int dimension in Shape)
                count = checked(count * dimension);
            return count;
        }
    }
}
