using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// What of a plan a dealer prepares: its linear steps and its polynomials. Steps with comparisons are prepared by the two
/// parties as without a dealer.
/// </summary>
internal sealed class DealtProgram
{
    private readonly DealtLinearProtocol?[] _linear;

    public DealtProgram(TwoPartyProgram program)
    {
        Program = program;
        ExecutionPlan plan = program.Plan;
        _linear = [.. plan.Steps.Select((step, i) => step is ConvolutionStep s ? new DealtLinearProtocol(i, s, plan.RingBits) : null)];
        Linear = [.. _linear.OfType<DealtLinearProtocol>()];
        Polynomials = [.. program.Schedule.PolynomialSteps.Select(i => new DealtPolynomialProtocol(i, program.DealtPolynomial(i)))];
        Differences = PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, Party.Server, Linear.Sum(l => l.DifferenceBytes));
        Costs = new SessionCosts(program, this);
    }

    public TwoPartyProgram Program { get; }

    public ExecutionPlan Plan => Program.Plan;

    /// <summary>The linear steps in plan order.</summary>
    public ImmutableArray<DealtLinearProtocol> Linear { get; }

    /// <summary>The polynomial steps in plan order.</summary>
    public ImmutableArray<DealtPolynomialProtocol> Polynomials { get; }

    /// <summary>Once a session, from the server to the client: D of each linear step, in plan order.</summary>
    public PlannedMessage Differences { get; }

    /// <summary>From the server to the dealer: asks for an inference.</summary>
    public static PlannedMessage Request { get; } = PlannedMessage.Create(TwoPartyProgram.InputStep, Phase.Offline, Party.Server, 0);

    /// <summary>Every message of a session with a dealer, in order.</summary>
    public SessionCosts Costs { get; }

    /// <summary>The protocol of a linear step; null for any other.</summary>
    public DealtLinearProtocol? FindLinear(int step) => _linear[step];
}
