using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>Applies recipes to one model and measures what they leave.</summary>
/// <param name="model">The model in canonical form.</param>
/// <param name="calibration">What passes and the compiler fit to.</param>
/// <param name="images">What accuracy is measured on; others than those for calibration.</param>
internal sealed class RecipeMeter(Graph model, CalibrationData calibration, IReadOnlyList<Sample> images)
{
    private readonly PassContext _context = new() { Calibration = calibration, Original = model };

    public MeasuredRecipe Measure(string name, Recipe recipe)
    {
        Graph rewritten = Apply(recipe, model), corrected = Apply(Recipe.Parse("passes: [recalibrate]"), rewritten);
        double accuracy = Accuracy(rewritten);
        MeasuredRecipe measured = new(
            name, SignDecisions.Count(rewritten), BackendCompiler.CountSignDecisions(corrected), Cost: null,
            accuracy, ReferenceEquals(corrected, rewritten) ? accuracy : Accuracy(corrected));
        try
        {
            return measured with { Cost = Traffic(corrected, name) };
        }
        catch (UnsupportedOperationsException e)
        {
            return measured with { Unsupported = [.. e.Diagnostics.Select(d => d.Operation).Distinct(StringComparer.Ordinal)] };
        }
    }

    private Graph Apply(Recipe recipe, Graph graph)
    {
        Pass[] passes = [.. recipe.Passes.Select(r => PassRegistry.Default.Create(r.Name, r.Parameters))];
        return PassPipeline.Canonicalize(new PassManager(passes, verify: true).Run(graph, _context).Graph, _context);
    }

    private PlanTraffic Traffic(Graph graph, string name)
    {
        string backend = BackendCompiler.CountSignDecisions(graph) == 0 ? "poly" : "gc";
        CompiledModel compiled = BackendCompiler.Compile(graph, new CompileOptions { Name = name, Backend = backend }, calibration);
        CostReport report = PlanCosts.Report(compiled.Plan);
        return new PlanTraffic(report.RingBits, Bytes(report.Total.Online), Bytes(report.Total.Offline));
    }

    private static long Bytes(PhaseCost phase) => phase.ClientBytes + phase.ServerBytes + phase.HelperBytes;

    private double Accuracy(Graph graph)
    {
        int correct = images.AsParallel().Count(image => Class(FloatInterpreter.Run(graph, [image.Input])[0]) == image.Label);
        return (double)correct / images.Count;
    }

    private static int Class(Tensor scores)
    {
        ReadOnlySpan<float> values = scores.Floats;
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }

        return best;
    }
}
