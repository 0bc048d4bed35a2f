using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>
/// A plan's graph drawn beside the list of its steps, as version control draws branches: a value runs down a lane from the
/// step that defines it to the last that reads it.
/// </summary>
internal sealed class StepLanes
{
    private readonly ExecutionPlan _plan;
    private readonly int[] _lastReader;
    private readonly List<int?> _lanes = [];

    private StepLanes(ExecutionPlan plan)
    {
        _plan = plan;
        _lastReader = new int[plan.Values.Length];
        Array.Fill(_lastReader, -1);
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            foreach (int input in plan.Steps[i].Inputs)
                _lastReader[input] = i;
        }
    }

    /// <summary>A row for each step, in order.</summary>
    public static ImmutableArray<LaneRow> Of(ExecutionPlan plan)
    {
        StepLanes lanes = new(plan);
        return [.. plan.Steps.Select((step, i) => lanes.Next(step, i))];
    }

    private LaneRow Next(PlanStep step, int index)
    {
        int lane = Choose(step, index);
        int[] entering = [.. Occupied(v => step.Inputs.Contains(v))];
        int[] passing = [.. Occupied(v => _lastReader[v] > index)];
        for (int i = 0; i < _lanes.Count; i++)
        {
            if (_lanes[i] is { } value && _lastReader[value] <= index)
                _lanes[i] = null;
        }

        bool leaves = _lastReader[step.Output] > index;
        if (leaves)
            _lanes[lane] = step.Output;
        return new LaneRow(lane, [.. entering], [.. passing], leaves);
    }

    // The lane of a value that ends here, else a free one.
    private int Choose(PlanStep step, int index)
    {
        int lane = _lanes.FindIndex(v => v is { } value && step.Inputs.Contains(value) && _lastReader[value] == index);
        if (lane < 0)
            lane = _lanes.IndexOf(null);
        if (lane >= 0)
            return lane;
        _lanes.Add(null);
        return _lanes.Count - 1;
    }

    private IEnumerable<int> Occupied(Func<int, bool> condition)
        => Enumerable.Range(0, _lanes.Count).Where(i => _lanes[i] is { } value && condition(value));
}
