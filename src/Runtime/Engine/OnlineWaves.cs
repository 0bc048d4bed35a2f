using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// Steps that exchange their messages in the same flights: those that follow each other in the plan and read nothing of one another, such
/// as the activations of parallel branches. The compiler brings such steps together. In all of them the server opens something, the
/// client answers, and so on in turn.
/// <para>
/// Of a wave, all do their first message, then all their second. Polynomials that are answered while their opening arrives come first: the
/// client sends those answers with the openings' turn, before those of the others, hence in the order in which the server expects them.
/// </para>
/// </summary>
internal sealed class OnlineWaves
{
    private readonly ImmutableArray<int>[] _startingAt;

    /// <param name="plan">A verified plan.</param>
    /// <param name="steps">Its steps with messages between input and output, in plan order.</param>
    public OnlineWaves(ExecutionPlan plan, ImmutableArray<int> steps)
    {
        _startingAt = [.. plan.Steps.Select((_, i) => ImmutableArray.Create(i))];
        for (int i = 0; i < steps.Length;)
        {
            int first = i;
            HashSet<int> written = [];
            for (; i < steps.Length && steps[i] == steps[first] + (i - first) && !plan.Steps[steps[i]].Inputs.Any(written.Contains); i++)
            {
                written.Add(plan.Steps[steps[i]].Output);
                _startingAt[steps[i]] = [];
            }

            _startingAt[steps[first]] = [.. steps[first..i].OrderBy(s => Turn(plan.Steps[s]))];
        }
    }

    /// <summary>The steps that are executed when it is a step's turn: itself, or a wave that it is the first of; none if the wave has been.</summary>
    public ImmutableArray<int> StartingAt(int step) => _startingAt[step];

    /// <summary>What happens in a wave: what each step does up to a message, in turn.</summary>
    public static IEnumerable<CostEvent> InTurn(IEnumerable<IEnumerable<CostEvent>> steps) => InTurn(steps.Select(UpToMessages)).SelectMany(e => e);

    /// <summary>Executes steps message by message in turn.</summary>
    public static void Run(IEnumerable<IEnumerable<PlannedMessage>> steps) => _ = InTurn(steps).Count();

    /// <summary>Interleaves what steps do, each in its order: first what all do first. Both parties do the same.</summary>
    public static IEnumerable<T> InTurn<T>(IEnumerable<IEnumerable<T>> steps)
    {
        List<IEnumerator<T>> waiting = [.. steps.Select(s => s.GetEnumerator())];
        try
        {
            while (waiting.Count > 0)
            {
                foreach (IEnumerator<T> step in waiting.ToArray())
                {
                    if (step.MoveNext())
                        yield return step.Current;
                    else
                        waiting.Remove(step);
                }
            }
        }
        finally
        {
            waiting.ForEach(s => s.Dispose());
        }
    }

    // With a dealer all polynomials are answered like that, and stay in front.
    private static int Turn(PlanStep step) => step switch
    {
        PolynomialStep { Method: PowerMethod.HoneyBadger } => 0,
        PolynomialStep => 1,
        _ => 2,
    };

    private static IEnumerable<IEnumerable<CostEvent>> UpToMessages(IEnumerable<CostEvent> events)
    {
        List<CostEvent> turn = [];
        foreach (CostEvent happening in events)
        {
            turn.Add(happening);
            if (happening is not MessageTransfer)
                continue;
            yield return turn;
            turn = [];
        }

        yield return turn;
    }
}
