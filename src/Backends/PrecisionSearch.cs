using PrivateInference.Backends.Diagnostics;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends;

/// <summary>
/// Raises the precision of a classifier until the plan gives every calibration sample the float model's class. Most models
/// need no more than the default; those whose scores nearly tie do.
/// </summary>
internal static class PrecisionSearch
{
    private const int Most = 6, Step = 2;

    /// <param name="compile">Compiles with so many bits more than by default.</param>
    /// <returns>The first plan that agrees on all samples, or the last one that more bits made better.</returns>
    public static CompiledModel Run(Func<int, CompiledModel> compile)
    {
        CompiledModel best = compile(0);
        for (int extra = Step; extra <= Most && best.Calibration is { } check && check.SameTop < check.Samples; extra += Step)
        {
            if (TryCompile(compile, extra) is not { } finer || finer.Calibration!.SameTop <= check.SameTop)
                break;
            best = finer;
        }

        return best;
    }

    /// <summary>More bits may need a ring that is too large.</summary>
    private static CompiledModel? TryCompile(Func<int, CompiledModel> compile, int extra)
    {
        try
        {
            return compile(extra);
        }
        catch (Exception e) when (e is RingOverflowException or NoiseBudgetException or PlanFormatException or TruncationFailureException)
        {
            return null;
        }
    }
}
