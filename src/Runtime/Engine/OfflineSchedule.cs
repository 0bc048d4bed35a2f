using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// Orders the offline work so that it takes few rounds. The client's share of a non-linear step's output is fresh
/// randomness, so it is known at once; only a linear step that feeds another linear step has to be answered first. Linear
/// steps are grouped by the number of linear steps before them (since the last fresh randomness), and each group takes one
/// request and one response flight; then all non-linear steps share one flight of oblivious transfers and one of tables,
/// and those with shared signs or by oblivious transfer alone one more of corrections; a range check joins all three. Steps with
/// polynomials come last, one after another.
/// </summary>
internal sealed class OfflineSchedule
{
    private readonly int[] _levelOfValue;

    public OfflineSchedule(ExecutionPlan plan)
    {
        _levelOfValue = new int[plan.Values.Length];
        List<List<int>> levels = [];
        ImmutableArray<int>.Builder nonLinear = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            PlanStep step = plan.Steps[i];
            int level = 0;
            foreach (int input in step.Inputs)
                level = Math.Max(level, _levelOfValue[input]);
            switch (step)
            {
                case ConvolutionStep:
                    while (levels.Count <= level)
                        levels.Add([]);
                    levels[level].Add(i);
                    _levelOfValue[step.Output] = level + 1;
                    break;
                case NonLinearStep or SharedSignStep:
                    nonLinear.Add(i);
                    break;
                case PolynomialStep:
                    break;
                case RangeCheckStep:
                    RangeCheck = i;
                    break;
                default:
                    _levelOfValue[step.Output] = level;
                    break;
            }
        }

        LinearLevels = [.. levels.Select(l => l.ToImmutableArray())];
        NonLinearSteps = nonLinear.ToImmutable();
        PolynomialSteps = [.. Enumerable.Range(0, plan.Steps.Length).Where(i => plan.Steps[i] is PolynomialStep)];
        ComparisonSteps = [.. NonLinearSteps.Where(i => plan.Steps[i] is NonLinearStep { Method: NonLinearMethod.ObliviousTransfer } or SharedSignStep { Method: NonLinearMethod.ObliviousTransfer })];
        Waves = new OnlineWaves(plan, [.. OnlineSteps]);
        SharedSignSteps = [.. NonLinearSteps.Where(i => plan.Steps[i] is SharedSignStep { Method: NonLinearMethod.Garbled })];
    }

    /// <summary>Indices of the linear steps, grouped by when the client knows its share of their input.</summary>
    public ImmutableArray<ImmutableArray<int>> LinearLevels { get; }

    /// <summary>Indices of the non-linear steps, those with shared signs included, in plan order.</summary>
    public ImmutableArray<int> NonLinearSteps { get; }

    /// <summary>Indices of the steps by oblivious transfer, in plan order.</summary>
    public ImmutableArray<int> ComparisonSteps { get; }

    /// <summary>Which of <see cref="OnlineSteps"/> exchange their messages together.</summary>
    public OnlineWaves Waves { get; }

    /// <summary>Indices of the garbled steps with shared signs in plan order.</summary>
    public ImmutableArray<int> SharedSignSteps { get; }

    /// <summary>Indices of the steps with polynomials in plan order; they are not among <see cref="NonLinearSteps"/>.</summary>
    public ImmutableArray<int> PolynomialSteps { get; }

    /// <summary>Indices of all steps with messages between input and output, in plan order.</summary>
    public IEnumerable<int> OnlineSteps => NonLinearSteps.Concat(PolynomialSteps).Order();

    /// <summary>Index of the range check, which comes behind all of <see cref="OnlineSteps"/>; null where the plan has none.</summary>
    public int? RangeCheck { get; }

    /// <summary>Whether the client draws its share of a step's output, whatever the inputs are.</summary>
    public static bool HasFreshOutput(PlanStep step) => step is InputStep or NonLinearStep or SharedSignStep or PolynomialStep;

    /// <summary>How many linear groups have to be answered before the client knows its share of a value.</summary>
    public int LevelOf(int value) => _levelOfValue[value];
}
