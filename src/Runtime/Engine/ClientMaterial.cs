using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;

namespace PrivateInference.Runtime.Engine;

/// <summary>What the client keeps between the offline and the online phase of one inference. Used once.</summary>
internal sealed class ClientMaterial(int steps) : IDisposable
{
    /// <summary>r: the client's share of the input, which masks it.</summary>
    public required ulong[] InputMask { get; init; }

    /// <summary>The client's share of the plan's output.</summary>
    public required ulong[] OutputShare { get; init; }

    /// <summary>By step index: tables and own input labels of a garbled step.</summary>
    public EvaluatorMaterial?[] Garbled { get; } = new EvaluatorMaterial?[steps];

    /// <summary>By step index: all of a non-linear step by oblivious transfer.</summary>
    public ComparisonClient?[] Comparisons { get; } = new ComparisonClient?[steps];

    /// <summary>By step index: all of a shared sign step.</summary>
    public SharedSignClient?[] SharedSigns { get; } = new SharedSignClient?[steps];

    /// <summary>By step index: all of a polynomial step.</summary>
    public PolynomialClient?[] Polynomials { get; } = new PolynomialClient?[steps];

    /// <summary>All of the range check; null where the plan has none.</summary>
    public RangeCheckClient? RangeCheck { get; set; }

    public TimeSpan OfflineTime { get; set; }

    public IReadOnlyList<PlannedMessage> OfflineMessages { get; set; } = [];

    public void Dispose()
    {
        foreach (EvaluatorMaterial? step in Garbled)
            step?.Dispose();
        foreach (ComparisonClient? step in Comparisons)
            step?.Dispose();
        foreach (SharedSignClient? step in SharedSigns)
            step?.Dispose();
        foreach (PolynomialClient? step in Polynomials)
            step?.Dispose();
        RangeCheck?.Dispose();
    }
}
