using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;

namespace PrivateInference.Runtime.Engine;

/// <summary>What the server keeps between the offline and the online phase of one inference. Used once.</summary>
internal sealed class ServerMaterial(ulong serial, int steps) : IDisposable
{
    /// <summary>Counts the session's prepared inferences; both parties use them in this order.</summary>
    public ulong Serial { get; } = serial;

    /// <summary>By step index: s, the server's share of a linear step's product (before bias).</summary>
    public ulong[]?[] OutputMasks { get; } = new ulong[]?[steps];

    /// <summary>By step index: how to select input labels and decode outputs of a garbled step.</summary>
    public GarblerMaterial?[] Garbled { get; } = new GarblerMaterial?[steps];

    /// <summary>By step index: all of a non-linear step by oblivious transfer.</summary>
    public ComparisonServer?[] Comparisons { get; } = new ComparisonServer?[steps];

    /// <summary>By step index: all of a shared sign step.</summary>
    public SharedSignServer?[] SharedSigns { get; } = new SharedSignServer?[steps];

    /// <summary>By step index: all of a polynomial step.</summary>
    public PolynomialServer?[] Polynomials { get; } = new PolynomialServer?[steps];

    /// <summary>All of the range check; null where the plan has none.</summary>
    public RangeCheckServer? RangeCheck { get; set; }

    public void Dispose()
    {
        foreach (ComparisonServer? step in Comparisons)
            step?.Dispose();
        foreach (SharedSignServer? step in SharedSigns)
            step?.Dispose();
        foreach (PolynomialServer? step in Polynomials)
            step?.Dispose();
        RangeCheck?.Dispose();
    }
}
