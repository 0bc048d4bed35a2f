using PrivateInference.Backends.Lowering.Rules;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Lowering;

/// <summary>
/// A quantised output's scale is the client's to apply, unless the output hangs together with an input of another scale
/// (<see cref="UnitGroups"/>): then a product with one number comes between.
/// </summary>
internal static class UnitConflicts
{
    public static RealProgram Resolve(RealProgram program)
    {
        if (program.Steps[^1] is not RealOutput output || program.Steps.OfType<RealInput>().FirstOrDefault() is not { } input || input.Unit == output.Unit)
            return program;
        UnitGroups groups = new(program.Steps.Length);
        for (int i = 0; i < program.Steps.Length; i++)
        {
            foreach (int operand in program.Steps[i] is RealConvolution or RealPolynomial ? [] : program.Steps[i].Inputs)
                groups.Join(i, operand);
        }

        if (groups.Of(program.Steps.IndexOf(input)) != groups.Of(output.Input))
            return program;
        RealConvolution product = ScaleRules.Rescale(program.Steps[output.Input], $"{output.Name}.scale", output.Input, output.Unit);
        return new RealProgram([.. program.Steps[..^1], product, output with { Input = program.Steps.Length - 1, Unit = 1, SourceUnit = 1 }]);
    }
}
