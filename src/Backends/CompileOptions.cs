using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan.Steps;
using System.Collections.Immutable;

namespace PrivateInference.Backends;

/// <summary>How a graph becomes a plan.</summary>
public sealed record CompileOptions
{
    /// <summary>The plan's name; the graph's by default.</summary>
    public string? Name { get; init; }

    /// <summary>The backend's name, see <see cref="Backend.All"/>.</summary>
    public string Backend { get; init; } = Backends.Backend.Default.Name;

    /// <summary>The network between the parties, by which a backend that has a choice chooses protocols.</summary>
    public NetworkProfile Network { get; init; } = NetworkProfile.Resolve("lan");

    /// <summary>Protocols that such a backend is not to choose; no two for one step. Empty for none.</summary>
    public ImmutableArray<ProtocolOverride> Protocols { get; init; } = [];

    /// <summary>
    /// The range of the model's input; the client clamps to it. By default what calibration observed, and 0 to 1 without
    /// calibration; of a quantised input, what its type holds.
    /// </summary>
    public double? InputMinimum { get; init; }

    /// <inheritdoc cref="InputMinimum"/>
    public double? InputMaximum { get; init; }

    /// <summary>
    /// Bits of magnitude that an activation's range gets. By default 12 with calibration; 16 without, as intervals
    /// alone are wider than what happens. Where neither this nor <see cref="WeightBits"/> is given and the plan classifies a
    /// calibration sample differently than the float model, both get more bits, as long as that helps.
    /// </summary>
    public int? ActivationBits { get; init; }

    /// <summary>Bits of a signed weight; 12 by default, or more as <see cref="ActivationBits"/> says.</summary>
    public int? WeightBits { get; init; }

    /// <summary>How values drop bits; the backend's own way by default.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>
    /// The largest ring of a polynomial's powers, 64 or 128 bits, where faithful truncation gives it one of its own. With 64 the input of
    /// a polynomial of a high degree keeps few bits; with 128 it keeps an activation's, and polynomials that need more than 64 bits for
    /// that take words of 128, at more than twice the bytes. Everything linear has 64 bits at most in either case.
    /// </summary>
    public int PowerRingBits { get; init; } = 64;

    /// <summary>The largest probability that some local truncation of an inference fails; 2^-40 by default.</summary>
    public double MaxTruncationFailure { get; init; } = 1.0 / (1L << 40);

    /// <summary>How polynomials' powers come about without a dealer; by default what <see cref="PowerGoal"/> says.</summary>
    public PowerMethod? Powers { get; init; }

    /// <summary>By what powers are chosen, step by step and for <see cref="Network"/>.</summary>
    public PowerGoal PowerGoal { get; init; }

    /// <summary>
    /// Adds a check to the plan that tells the client, and nobody else, whether any polynomial activation of an inference got an input
    /// outside of the interval it was fitted on, widened at each end by this part of its width. Null for no check.
    /// </summary>
    public double? RangeCheckMargin { get; init; }

    /// <summary>
    /// Warns of a polynomial activation if a larger part of its inputs on calibration samples lies outside of the interval it was
    /// fitted on; a thousandth by default.
    /// </summary>
    public double OutsideWarning { get; init; } = 0.001;

    /// <summary>Observed ranges are widened by this factor before they count as analysed.</summary>
    public double CalibrationMargin { get; init; } = 2;

    /// <summary>Names of the classes, for people.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Chooses the RLWE parameters of each linear step.</summary>
    public RlweSelector SelectRlwe { get; init; } = NoiseBudget.Choose;
}
