using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Engine;

/// <summary>What each party learns from a plan and from its execution, derived from the plan; see docs/threat-model.md.</summary>
public static class PlanDisclosures
{
    /// <param name="plan">The plan.</param>
    /// <param name="withDealer">Whether a dealer prepares linear steps and polynomials.</param>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static IReadOnlyList<Disclosure> Of(ExecutionPlan plan, bool withDealer = false)
    {
        PlanVerifier.Require(plan);
        OutputStep output = plan.Steps.OfType<OutputStep>().Single();
        PlanValue opened = plan.Values[output.Output];
        string logits = output.Function == OutputFunction.None ? "" : $", before the {output.Function.ToString().ToLowerInvariant()} that the client computes itself";
        IEnumerable<Disclosure> groups = plan.Steps.OfType<SharedSignStep>().Any()
            ? [OfServer("decision groups", "which elements share a sign decision; where groups were learned, the map depends on calibration data. No decision is opened")]
            : [];
        IEnumerable<Disclosure> noise = plan.Steps.OfType<SharedSignStep>().Where(s => s.Noise is not null).ToArray() is { Length: > 0 } noisy
            ? [OfServer("noise", $"the probability with which {noisy.Length} steps turn decisions round; neither party learns which are turned, as both draw them together at every inference")]
            : [];
        IEnumerable<Disclosure> turned = plan.Steps.OfType<SharedSignStep>().Any(s => !s.Turned.IsEmpty)
            ? [OfServer("fixed noise", "which elements get the opposite of their decision, the same at every inference")]
            : [];
        IEnumerable<Disclosure> polynomials = plan.Steps.OfType<PolynomialStep>().ToArray() is { Length: > 0 } steps
            ? [OfServer("polynomial coefficients", $"all coefficients of {steps.Length} polynomial activations, rounded to fixed point; where they were fitted, they depend on the activations of calibration data, and where a layer was folded into them, on its weights")]
            : [];
        IEnumerable<Disclosure> check = plan.Steps.OfType<RangeCheckStep>().SingleOrDefault() is { } range
            ?
            [
                OfServer("range check", $"of each inference one bit: whether any input of {range.Checked.Length} polynomial activations lies outside of its interval; the server does not learn it. Answers to many chosen inputs tell more about the intervals' borders"),
                OfServer("fitted intervals", "on which inputs each polynomial activation was fitted; where calibration data gave them, they depend on them"),
            ]
            : [];
        return
        [
            OfServer("architecture", $"{plan.Steps.Length} steps: operations, shapes and their order"),
            OfServer("scales and ranges", "scale, bit width and analysed range of every value; with calibration data they depend on activations"),
            OfServer("weight norms", $"a power-of-two bound on the row norms of {plan.Steps.OfType<ConvolutionStep>().Count()} linear layers"),
            OfServer("weights digest", "SHA-256 of the weight file: confirms a candidate file to whoever has one, reveals no weight"),
            .. groups,
            .. noise,
            .. turned,
            .. polynomials,
            .. check,
            OfServer("output", $"'{opened.Name}', {opened.Count} numbers at scale {opened.Scale}{logits}; answers to many chosen inputs allow model extraction"),
            new(Party.Server, Party.Client, "request pattern", "when, how often and from which address the client asks, and with a store which sessions are the same client's; nothing of its inputs or predictions"),
            .. withDealer ? OfDealer : [],
        ];
    }

    private static Disclosure[] OfDealer { get; } =
    [
        new(Party.Helper, Party.Server, "plan", "the public plan: architecture, shapes, scales and ranges, polynomial coefficients; no weight"),
        new(Party.Helper, Party.Client, "request pattern", "which client and server meet, when, and how many inferences they prepare; nothing of inputs or predictions"),
        new(Party.Helper, Party.Client, "collusion with the server", "would reveal every input of a session, and all it computes: the dealer knows the seed of the client's masks"),
        new(Party.Helper, Party.Server, "collusion with the client", "would reveal the weights of all linear layers: the client holds them less a mask whose seed the dealer knows"),
    ];

    private static Disclosure OfServer(string subject, string description) => new(Party.Client, Party.Server, subject, description);
}
