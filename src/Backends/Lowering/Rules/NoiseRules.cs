using System.Globalization;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Decisions that are turned round: those that a seed fixes are part of the plan, others the parties draw.</summary>
internal static class NoiseRules
{
    private const string Hint = "Apply RandomFlip once, to the decisions as they are multiplied: after whatever repeats, moves and joins them.";

    /// <summary>The decisions of <paramref name="mask"/> behind a RandomFlip.</summary>
    /// <exception cref="LoweringException">The parties would draw twice for an element, or more rarely than they can.</exception>
    public static DecisionMask Turn(Node node, RandomFlip flip, DecisionMask mask)
    {
        if (flip.Probability == 0)
            return mask;
        if (flip.Seed is not null || flip.Probability == 1)
            return mask with { Turned = Fixed(flip, mask) };
        if (mask.Noise is not null)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "The parties would draw noise twice for an element.", Hint);
        return mask with
        {
            Noise = NoiseResolution.Of(flip.Probability) ?? throw TooRare(flip),
            Draws = [.. Enumerable.Range(0, node.Output.Shape.Count).Select(i => (long)i)],
        };
    }

    /// <exception cref="LoweringException">One draw turns several elements.</exception>
    public static void RequireSeparate(long[]? draws)
    {
        if (draws is not null && draws.Distinct().Count() < draws.Length)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "A decision is turned round at random before it is repeated; noise is drawn for each element by itself.", Hint);
    }

    /// <exception cref="LoweringException">One of the masks that are joined is noisy.</exception>
    public static void RequireNone(IEnumerable<DecisionMask> joined)
    {
        if (joined.Any(m => m.Noise is not null))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "Decisions are turned round at random before they are joined.", Hint);
    }

    // The interpreter turns zeros to the ones that a seed names.
    private static long[] Fixed(RandomFlip flip, DecisionMask mask)
    {
        Shape shape = new(mask.Sources.Length);
        Tensor zeros = Tensor.FromFloats(shape, new float[shape.Count]);
        float[] turned = FloatInterpreter.Evaluate(flip with { Seed = flip.Seed ?? 0 }, [zeros]).Floats.ToArray();
        return [.. turned.Select((t, i) => (long)t ^ (mask.Turned?[i] ?? 0))];
    }

    private static LoweringException TooRare(RandomFlip flip) => new(
        CompileDiagnosticCodes.UnsupportedOperation,
        string.Create(CultureInfo.InvariantCulture, $"The parties cannot draw a probability of {flip.Probability:R}; they have {DecisionNoise.MaxBits} random bits an element."),
        "Leave the noise away.");
}
