using System.Collections.Immutable;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Lowering;

/// <summary>The lowered model: steps in execution order, the input first and the output last.</summary>
internal sealed class RealProgram(ImmutableArray<RealStep> steps)
{
    private readonly int[] _uses = CountUses(steps);

    public ImmutableArray<RealStep> Steps { get; } = steps;

    /// <summary>How often later steps read a step's value.</summary>
    public int Uses(int index) => _uses[index];

    private static int[] CountUses(ImmutableArray<RealStep> steps)
    {
        int[] uses = new int[steps.Length];
        foreach (int input in steps.SelectMany(s => s.Inputs))
            uses[input]++;
        return uses;
    }
}
