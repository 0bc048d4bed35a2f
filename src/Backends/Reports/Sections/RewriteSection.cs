using System.Globalization;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What the rewrites did, and what the plan saves against the model without them.</summary>
internal static class RewriteSection
{
    /// <summary>Null where the plan is of the model as it came.</summary>
    public static Section? Of(ReportContent content) => content.Passes.IsEmpty
        ? null
        : new Section("rewrites", "Against the unmodified model", Html.Of($"""
            {Comparison(content)}
            {Passes(content)}
            """));

    private static Html Passes(ReportContent content) => Table.Of(
        "Rewrites, in the order in which they were applied",
        [Table.Column("Pass"), Table.Column("Contract"), Table.Number("ReLUs before"), Table.Number("after"), Table.Column("Notes")],
        content.Passes.Select(p => Table.Row(
            Table.RowHeader(Html.Of($"{p.Name}")), Table.Cell(Html.Of($"{p.Contract}")), Table.NumberCell(Figure.Count(p.RelusBefore)),
            Table.NumberCell(Figure.Count(p.RelusAfter)), Table.Cell(Html.Of($"{string.Join("; ", p.Notes)}")))));

    private static Html Comparison(ReportContent content)
    {
        if (content.Unmodified is not { } old)
            return Html.Of($"<p class=\"note\">There is nothing to compare with: {content.UnmodifiedProblem ?? "the model was not compiled without its rewrites."}</p>");
        ReportedPlan plan = content.Plan;
        (PhaseTotals before, PhaseTotals after) = (old.Cost.Total, plan.Cost.Total);
        return Table.Of("The plan against the model without rewrites",
            [Table.Column("Measure"), Table.Number("Unmodified"), Table.Number("This plan"), Table.Number("Change")],
            [
                .. content.Settings.Networks.Select((n, i) => Seconds($"Client waits, {n.Name}", old.Times[i], plan.Times[i], t => t.OnlineSeconds)),
                .. content.Settings.Networks.Select((n, i) => Seconds($"Prepared ahead, {n.Name}", old.Times[i], plan.Times[i], t => t.OfflineSeconds)),
                Row("Online bytes", Figure.Bytes, before.Online.TotalBytes, after.Online.TotalBytes),
                Row("Offline bytes", Figure.Bytes, before.Offline.TotalBytes, after.Offline.TotalBytes),
                Row("Online rounds", Figure.Count, before.Online.Rounds, after.Online.Rounds),
                Row("Sign decisions (ReLUs)", Figure.Count, old.Cost.Relus, plan.Cost.Relus),
                Row("Ring bits", Figure.Count, old.Cost.RingBits, plan.Cost.RingBits),
                Accuracy(plan.Accuracy),
            ]);
    }

    private static Html Seconds(string name, TimeReport from, TimeReport to, Func<TimeReport, double> of)
        => Row(name, Figure.Seconds(of(from)), Figure.Seconds(of(to)), Figure.Change(of(from), of(to)));

    private static Html Row(string name, Func<long, Html> figure, long from, long to) => Row(name, figure(from), figure(to), Figure.Change(from, to));

    private static Html Accuracy(ReportedAccuracy? accuracy) => accuracy is { Model: { } model }
        ? Row("Accuracy, of the float model before any pass and of this plan", Figure.Percent(model), Figure.Percent(accuracy.Plan),
            ((accuracy.Plan - model) * 100).ToString("+0.0 points;−0.0 points;the same", CultureInfo.InvariantCulture))
        : Html.Empty;

    private static Html Row(string name, Html from, Html to, string change)
        => Table.Row(Table.RowHeader(Html.Of($"{name}")), Table.NumberCell(from), Table.NumberCell(to), Table.NumberCell(Html.Of($"{change}")));
}
