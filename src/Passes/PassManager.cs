using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Verification;
using PrivateInference.Passes.Checking;

namespace PrivateInference.Passes;

/// <summary>Runs passes in order and records what each did.</summary>
/// <param name="passes">The passes, in order.</param>
/// <param name="verify">Whether to check the graph after every pass; a failure names the pass.</param>
/// <param name="check">Whether to execute the graph before and after every exact pass and compare.</param>
public sealed class PassManager(IReadOnlyList<Pass> passes, bool verify = false, bool check = false)
{
    /// <summary>Rounds after which a list of passes that still changes the graph is taken to undo its own work.</summary>
    private const int RoundLimit = 1000;

    /// <summary>The part of the output's range by which an exact pass may differ: rounding in single precision, through a deep network.</summary>
    private const double RoundingTolerance = 1e-3;

    /// <summary>Runs every pass once.</summary>
    /// <exception cref="GraphException">The graph has no meaning, or a pass broke it.</exception>
    /// <exception cref="PassException">A pass cannot do what it was asked for, or broke its contract; the message names it.</exception>
    public PassResult Run(Graph graph, PassContext context)
    {
        ImmutableArray<PassTrace>.Builder trace = ImmutableArray.CreateBuilder<PassTrace>();
        Lazy<ReferenceOutputs> original = new(() => new ReferenceOutputs(graph, CheckInputs.OfCalibration(graph, context.Calibration)));
        context = context with { Original = context.Original ?? graph };
        Graph current = graph;
        foreach (Pass pass in passes)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            List<string> notes = [];
            Graph next = RunOne(pass, current, context with { Note = notes.Add });
            PassTrace step = new(pass.Name, pass.Contract, !ReferenceEquals(current, next), GraphSize.Of(current), GraphSize.Of(next)) { Notes = [.. notes] };
            if (step.Changed && pass.Contract != PassContract.Exact && context.Calibration is { Samples.IsEmpty: false } && graph.Inputs.Length == 1)
                step = step with { Difference = original.Value.Compare(next, context.Cancellation) };
            trace.Add(step);
            current = next;
        }

        return new PassResult(current, trace.ToImmutable());
    }

    /// <summary>Runs the list again and again until a round changes nothing. The trace holds every round.</summary>
    /// <exception cref="GraphException">The graph has no meaning, or a pass broke it.</exception>
    public PassResult RunToFixedPoint(Graph graph, PassContext context)
    {
        List<PassTrace> trace = [];
        context = context with { Original = context.Original ?? graph };
        for (int round = 0; round < RoundLimit; round++)
        {
            PassResult result = Run(graph, context);
            trace.AddRange(result.Trace);
            graph = result.Graph;
            if (!result.Trace.Any(t => t.Changed))
                return new PassResult(graph, [.. trace]);
        }

        throw new InvalidOperationException($"The passes {string.Join(", ", passes.Select(p => p.Name))} do not settle.");
    }

    private Graph RunOne(Pass pass, Graph graph, PassContext context)
    {
        try
        {
            Graph next = pass.Run(graph, context);
            if (verify)
                GraphVerifier.Require(next);
            if (check && pass.Contract == PassContract.Exact && !ReferenceEquals(graph, next))
                RequireSameFunction(graph, next, context);
            return next;
        }
        catch (GraphException e)
        {
            throw new GraphException($"After pass '{pass.Name}': {e.Message}", e);
        }
        catch (PassException e)
        {
            throw new PassException($"Pass '{pass.Name}': {e.Message}");
        }
    }

    private static void RequireSameFunction(Graph before, Graph after, PassContext context)
    {
        (float minimum, float maximum) = context.InputRange ?? (-1, 1);
        ReferenceOutputs reference = new(
            before, [.. CheckInputs.OfCalibration(before, context.Calibration), .. CheckInputs.Random(before, minimum, maximum)]);
        OutputDifference difference = reference.Compare(after, context.Cancellation);
        if (!(difference.LargestError <= RoundingTolerance))
        {
            throw new PassException(string.Create(
                CultureInfo.InvariantCulture,
                $"it promises the same function and changed an output by {difference.LargestError:0.###e0} of its range. Leave it out and report this."));
        }
    }
}
