using System.Numerics;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Lowering;

/// <summary>
/// Lets the steps before a quantisation multiply by its factor: it goes up through everything that commutes with it into the
/// weights of the layer above, where it costs nothing and stays the server's. What cannot take it keeps a product with one number.
/// </summary>
internal sealed class RescaleFolding
{
    private readonly RealProgram _program;
    private readonly RealStep[] _steps;

    private RescaleFolding(RealProgram program)
    {
        _program = program;
        _steps = [.. program.Steps];
    }

    public static RealProgram Apply(RealProgram program)
    {
        RescaleFolding folding = new(program);
        Dictionary<int, int> forwarded = [];
        for (int i = 0; i < program.Steps.Length; i++)
        {
            if (program.Steps[i] is RealConvolution { IsRescaling: true } rescaling && folding.TryFold(rescaling))
                forwarded[i] = rescaling.Input;
        }

        return forwarded.Count == 0 ? program : RealProgram.Without(folding._steps, forwarded);
    }

    private bool TryFold(RealConvolution rescaling)
    {
        double factor = rescaling.Factor;
        if (CanScale(rescaling.Input))
        {
            Scale(rescaling.Input, factor);
            return true;
        }

        return factor == 1 && IsBinary(rescaling.Input);
    }

    /// <summary>Whether a step, and what it reads, can be multiplied without anybody else's noticing, and by a power-of-two scale.</summary>
    private bool CanScale(int index) => _program.Uses(index) == 1 && _steps[index] switch
    {
        RealConvolution or RealInput { IsInteger: false } => true,
        RealAveragePool pool when !HasBinaryDivisors(pool) => false,
        RealNonLinear { IsInteger: true } or RealInput or RealOutput or RealPolynomial => false,
        RealStep step => step.Inputs.All(CanScale),
    };

    /// <summary>Whether the step's fixed point will be a power of two: no average pool has left its divisor there.</summary>
    private bool IsBinary(int index) => _steps[index] switch
    {
        RealConvolution or RealInput or RealPolynomial or RealNonLinear { IsInteger: true } => true,
        RealAveragePool pool when !HasBinaryDivisors(pool) => false,
        RealStep step => step.Inputs.All(IsBinary),
    };

    private static bool HasBinaryDivisors(RealAveragePool pool) => pool.Divisors.All(BitOperations.IsPow2);

    private void Scale(int index, double factor)
    {
        RealStep step = _steps[index] with { SourceUnit = _steps[index].SourceUnit / factor };
        _steps[index] = step switch
        {
            RealConvolution s => Scaled(s, factor),
            RealInput s => s with { Unit = s.Unit / factor, SourceUnit = 1 },
            RealAddConstant s => s with { Constant = [.. s.Constant.Select(c => c * factor)] },
            RealNonLinear s => s with { Lower = s.Lower * factor, Upper = s.Upper * factor },
            RealPad s => s with { Value = s.Value * factor },
            _ => step,
        };
        if (step is not (RealConvolution or RealInput))
        {
            foreach (int input in step.Inputs)
                Scale(input, factor);
        }
    }

    private static RealConvolution Scaled(RealConvolution step, double factor) => step with
    {
        Weights = factor == 1 ? step.Weights : [.. step.Weights.Select(w => (float)(w * factor))],
        Bias = [.. step.Bias.Select(b => b * factor)],
        HasIntegerWeights = step.HasIntegerWeights && factor == 1,
        IsRequantized = true,
        IsSlope = false,
    };
}
