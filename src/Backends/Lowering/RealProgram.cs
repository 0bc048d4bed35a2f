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

    /// <summary>The program without the steps that <paramref name="forwarded"/> has; their readers read the step it names instead.</summary>
    public static RealProgram Without(IReadOnlyList<RealStep> steps, IReadOnlyDictionary<int, int> forwarded)
    {
        List<RealStep> kept = [];
        int[] positions = new int[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            if (forwarded.TryGetValue(i, out int target))
            {
                positions[i] = positions[target];
                continue;
            }

            positions[i] = kept.Count;
            kept.Add(steps[i].WithInputs([.. steps[i].Inputs.Select(input => positions[input])]));
        }

        return new RealProgram([.. kept]);
    }

    private static int[] CountUses(ImmutableArray<RealStep> steps)
    {
        int[] uses = new int[steps.Length];
        foreach (int input in steps.SelectMany(s => s.Inputs))
            uses[input]++;
        return uses;
    }
}
