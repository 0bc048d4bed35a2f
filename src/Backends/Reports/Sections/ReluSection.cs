using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Sign decisions by layer, beside the online traffic of the layer: where a rewrite saves most.</summary>
internal static class ReluSection
{
    public static Section Of(ReportContent content)
    {
        CostReport cost = content.Plan.Cost;
        int[] deciding = [.. Enumerable.Range(0, cost.Steps.Length).Where(i => cost.Steps[i].Relus > 0)];
        return new Section("relus", "ReLUs by layer", deciding.Length == 0
            ? Html.Of($"<p>The plan decides no sign.</p>")
            : Html.Of($"""
                <p>Sign decisions are mostly what a private inference costs. A group that shares one decision counts once, a maximum over k values k − 1, ReLU6 two.</p>
                {Chart(cost, deciding)}
                """));
    }

    private static Html Chart(CostReport cost, int[] deciding)
    {
        double most = deciding.Max(i => cost.Steps[i].Relus);
        long bytes = cost.Total.Online.TotalBytes;
        return Table.Of("Layers that decide signs",
            [Table.Column("Layer"), Table.Column("Kind"), Table.Number("ReLUs"), Table.Number("of all"), Table.Number("of all online bytes"), Table.Number("Bytes a ReLU")],
            deciding.Select(i => Row(cost.Steps[i], i)),
            "pairs");

        Html Row(StepCost step, int index)
        {
            double part = bytes == 0 ? 0 : step.Online.TotalBytes / (double)bytes;
            return Table.Row(
                Table.RowHeader(HtmlText.Name(step.Name)),
                Table.Cell(Html.Of($"{step.Kind}")),
                Table.NumberCell(Html.Of($"{Figure.Count(step.Relus, $"steps[{index}].relus")}{Bar.Of(0, step.Relus, most, "relu")}")),
                Table.NumberCell(Figure.Percent(step.Relus / (double)cost.Relus)),
                Table.NumberCell(Html.Of($"{Figure.Percent(part)}{Bar.Of(0, part, 1, "online")}")),
                Table.NumberCell(Figure.Count((step.Offline.TotalBytes + step.Online.TotalBytes) / step.Relus)));
        }
    }
}
