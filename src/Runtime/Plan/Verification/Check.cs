using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PrivateInference.Runtime.Plan.Verification;

/// <summary>Conditions of a valid plan; the message is made only when one fails.</summary>
internal static class Check
{
    public static void That([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] CheckMessage message)
    {
        if (!condition)
            throw new PlanFormatException("The plan is not valid: " + message.ToString());
    }

    public static void That([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
            throw new PlanFormatException("The plan is not valid: " + message);
    }

    /// <summary>Names reach terminals and logs, so they hold no control characters.</summary>
    public static void Name(string name, string whose)
    {
        That(name.Length <= PlanLimits.NameLength, $"{whose} has a name of {name.Length} characters; the limit is {PlanLimits.NameLength}.");
        That(!name.Any(char.IsControl), $"{whose} has a name with control characters.");
    }

    public static void Shape(ImmutableArray<int> shape, string whose)
    {
        That(shape.Length <= PlanLimits.Rank, $"{whose} has {shape.Length} axes; the limit is {PlanLimits.Rank}.");
        long count = 1;
        foreach (int dimension in shape)
        {
            That(dimension >= 1, $"{whose} has a dimension of {dimension}.");
            count *= dimension;
            That(count <= PlanLimits.TensorElements, $"{whose} has over {PlanLimits.TensorElements} elements.");
        }
    }

    public static bool SameShape(PlanValue left, PlanValue right) => left.Shape.AsSpan().SequenceEqual(right.Shape.AsSpan());
}
