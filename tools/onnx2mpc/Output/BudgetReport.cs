using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PrivateInference.CommandLine.Support;
using PrivateInference.IR;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.CommandLine.Output;

/// <summary>Holds a plan to a budget, and says by which steps it is exceeded and what would help.</summary>
internal sealed class BudgetReport
{
    private const int MostSteps = 5;
    private const int MostSuggestions = 3;

    private readonly CostReport _cost;
    private readonly StringBuilder _text = new();
    private readonly List<Finding> _findings = [];

    private BudgetReport(CostReport cost) => _cost = cost;

    /// <param name="budget">The limits.</param>
    /// <param name="cost">What the plan costs.</param>
    /// <param name="rewritten">What it was compiled from, and by which passes.</param>
    /// <param name="context">What passes may use.</param>
    /// <param name="accuracy">How good it is; null where the budget does not say.</param>
    /// <exception cref="CheckFailedException">The budget is exceeded.</exception>
    public static void Require(Budget budget, CostReport cost, PassResult rewritten, PassContext context, MeasuredAccuracy? accuracy)
    {
        BudgetReport report = new(cost);
        PhaseCost online = cost.Total.Online;
        bool costly = report.Exceeds(Finding.OnlineBytes, "online bytes", online.TotalBytes, budget.OnlineBytes, s => s.Online.TotalBytes);
        costly |= report.Exceeds(Finding.OnlineRounds, "online rounds", online.Rounds, budget.OnlineRounds, s => s.Online.Rounds);
        costly |= report.Exceeds(Finding.Relus, "sign decisions (ReLUs)", cost.Relus, budget.Relus, s => s.Relus);
        if (costly)
            report.Suggest(rewritten.Graph, context);
        bool inaccurate = accuracy is not null && report.IsTooBad(accuracy, budget, rewritten.Trace);
        if (costly || inaccurate)
            throw new CheckFailedException($"{cost.Plan} exceeds its budget; nothing was written.{report._text}", [.. report._findings]);
    }

    private bool Exceeds(string code, string what, long actual, long? limit, Func<StepCost, long> of)
    {
        if (limit is null || actual <= limit)
            return false;
        StepCost[] steps = [.. _cost.Steps.Where(s => of(s) > 0).OrderByDescending(of)];
        string[] largest = [.. steps.Take(MostSteps).Select(s => $"{s.Name} ({s.Kind}, {s.Protocol}): {Quantities.Count(of(s))}, {Percent(of(s) / (double)actual)}")];
        string exceeded = $"{what}: {Quantities.Count(actual)}, at most {Quantities.Count(limit.Value)} allowed. Largest steps:";
        _findings.Add(new Finding(code, $"{exceeded} {string.Join("; ", largest)}"));
        Line($"  {exceeded}");
        foreach (string step in largest)
            Line($"    {step}");
        if (steps.Length > MostSteps)
            Line($"    and {steps.Length - MostSteps} more");
        return true;
    }

    private void Suggest(Graph graph, PassContext context)
    {
        Line("  Passes that help ('onnx2mpc passes' describes them):");
        foreach (PassSuggestion s in PassSuggestion.For(graph, context).Take(MostSuggestions))
            Line($"    --pass {s.Pass} ({s.Contract}): {Quantities.Count(s.RelusBefore)} → {Quantities.Count(s.RelusAfter)}");
        string lossy = string.Join(", ", PassRegistry.Default.All.Where(p => p.Contract == PassContract.Lossy).Select(p => p.Name));
        Line($"    at a price in accuracy, told how much or where: {lossy}");
    }

    private bool IsTooBad(MeasuredAccuracy accuracy, Budget budget, ImmutableArray<PassTrace> trace)
    {
        string against = accuracy.Labelled ? "labels" : "predictions of the model before any pass, as there are no labels";
        bool low = accuracy.Plan < budget.Accuracy, dropped = accuracy.Drop > budget.AccuracyDrop;
        if (low)
            Fails(Finding.Accuracy, $"accuracy: {Percent(accuracy.Plan)}, at least {Percent(budget.Accuracy!.Value)} required ({accuracy.Samples} samples against {against})");
        if (dropped)
            Fails(Finding.AccuracyDrop, $"accuracy drop: {Percent(accuracy.Drop)} from {Percent(accuracy.Model)}, at most {Percent(budget.AccuracyDrop!.Value)} allowed ({accuracy.Samples} samples against {against})");
        if (!low && !dropped)
            return false;
        string[] lossy = [.. trace.Where(t => t.Contract == PassContract.Lossy).Select(t => t.Pass)];
        Line(lossy.Length > 0
            ? $"    lossy passes that were applied: {string.Join(", ", lossy)}. Apply them to fewer layers or channels, or fine-tune the rewritten model"
            : "    no lossy pass was applied: fixed point or the model itself is at fault; try more --activation-bits and --weight-bits");
        return true;
    }

    private void Fails(string code, string text)
    {
        _findings.Add(new Finding(code, text));
        Line("  " + text);
    }

    private void Line(string line) => _text.Append('\n').Append(line);

    private static string Percent(double part) => part.ToString("P1", CultureInfo.InvariantCulture);
}
