using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering;

/// <summary>
/// One step for two non-linear ones in a row that share no reader: activations, maxima and rounding are monotone, so the pool
/// comes first and the bounds combine; moving the elements in between changes nothing. A client that encodes the input also rounds it to a quantised input's integers.
/// </summary>
internal static class NonLinearFusion
{
    public static RealProgram Apply(RealProgram program)
    {
        RealStep[] steps = [.. program.Steps];
        Dictionary<int, int> forwarded = [];
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is not RealNonLinear second || program.Uses(second.Input) != 1)
                continue;
            int first = Producer(program, steps, forwarded, second);
            if (Fuse(steps[first], second) is not { } fused)
                continue;
            steps[first] = fused with { Shape = steps[first] is RealNonLinear && second.Pool is null ? steps[first].Shape : second.Shape };
            forwarded[i] = second.Input;
        }

        return forwarded.Count == 0 ? program : RealProgram.Without(steps, forwarded);
    }

    /// <summary>The step whose elements an element-wise step reads, in whatever order; of a pool the step it reads.</summary>
    private static int Producer(RealProgram program, RealStep[] steps, Dictionary<int, int> forwarded, RealNonLinear second)
    {
        int first = second.Input;
        while (true)
        {
            if (forwarded.TryGetValue(first, out int earlier))
                first = earlier;
            else if (second.Pool is null && steps[first] is RealReshape or RealTranspose && program.Uses(steps[first].Inputs[0]) == 1)
                first = steps[first].Inputs[0];
            else
                return first;
        }
    }

    private static RealStep? Fuse(RealStep first, RealNonLinear second) => first switch
    {
        RealNonLinear step when (step.Pool is null || second.Pool is null) && KeepsIntegers(step, second) => Fuse(step, second),
        RealInput { IsInteger: false } input when second is { IsInteger: true, Pool: null }
            => input with { IsInteger = true, Lower = second.Bounds.Lower, Upper = second.Bounds.Upper, Source = second.Source, SourceUnit = second.SourceUnit },
        _ => null,
    };

    private static RealNonLinear Fuse(RealNonLinear first, RealNonLinear second)
    {
        (double lower, double upper) = second.Bounds;
        (lower, upper) = (Math.Clamp(first.Bounds.Lower, lower, upper), Math.Clamp(first.Bounds.Upper, lower, upper));
        return second with
        {
            Name = second.IsInteger ? first.Name : second.Name,
            Input = first.Input,
            Pool = first.Pool ?? second.Pool,
            IsInteger = first.IsInteger || second.IsInteger,
            Activation = (lower, upper) switch
            {
                (double.NegativeInfinity, double.PositiveInfinity) => Activation.None,
                (0, double.PositiveInfinity) => Activation.Relu,
                _ => Activation.Clip,
            },
            Lower = lower,
            Upper = upper,
        };
    }

    /// <summary>A bound between integers would leave the integers that the first step rounds to.</summary>
    private static bool KeepsIntegers(RealNonLinear first, RealNonLinear second) => !first.IsInteger || second.IsInteger
        || (IsIntegerOrNone(second.Bounds.Lower) && IsIntegerOrNone(second.Bounds.Upper));

    private static bool IsIntegerOrNone(double bound) => double.IsInfinity(bound) || bound == Math.Round(bound);
}
