using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What several plans send, decide and keep.</summary>
internal static class ComparisonSection
{
    public static Section Of(ImmutableArray<ReportedPlan> plans) => new("costs", "Bytes, rounds and ReLUs", Table.Of(
        "Exact costs; bytes are both parties' together",
        [
            Table.Column("Plan"), Table.Column("Backend"), Table.Number("Ring bits"), Table.Number("ReLUs"), Table.Number("Online bytes"), Table.Number("Online rounds"),
            Table.Number("Offline bytes"), Table.Number("Offline rounds"), Table.Number("Stored by client"), Table.Number("Accuracy"),
        ],
        plans.Select((p, i) => Row(p, i, plans)),
        "pairs"));

    private static Html Row(ReportedPlan plan, int index, ImmutableArray<ReportedPlan> plans)
    {
        string place = $"plans[{index}].cost.";
        return Table.Row(
            Table.RowHeader(HtmlText.Name(plan.Label)),
            Table.Cell(Html.Of($"{plan.Cost.Backend}")),
            Table.NumberCell(Figure.Count(plan.Cost.RingBits, place + "ring_bits")),
            Cell(p => p.Cost.Relus, Figure.Count(plan.Cost.Relus, place + "relus"), "relu"),
            Cell(p => p.Cost.Total.Online.TotalBytes, Figure.Bytes(plan.Cost.Total.Online.TotalBytes), "online"),
            Cell(p => p.Cost.Total.Online.Rounds, Figure.Count(plan.Cost.Total.Online.Rounds, place + "total.online.rounds"), "online"),
            Cell(p => p.Cost.Total.Offline.TotalBytes, Figure.Bytes(plan.Cost.Total.Offline.TotalBytes), "offline"),
            Cell(p => p.Cost.Total.Offline.Rounds, Figure.Count(plan.Cost.Total.Offline.Rounds, place + "total.offline.rounds"), "offline"),
            Cell(p => p.Cost.Storage?.ClientBytes ?? 0, Figure.Bytes(plan.Cost.Storage?.ClientBytes ?? 0, place + "storage.client_bytes"), "offline"),
            Table.NumberCell(plan.Accuracy is { } accuracy ? Figure.Percent(accuracy.Plan) : Html.Of($"not measured")));

        Html Cell(Func<ReportedPlan, long> of, Html figure, string kind) => ComparedCell.Of(figure, of(plan), of(plans[0]), plans.Max(of), kind, isFirst: index == 0);
    }
}
