using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Predicted seconds of several plans, a table a network.</summary>
internal static class ComparisonTimeSection
{
    public static Section Of(ImmutableArray<ReportedPlan> plans, ReportSettings settings) => new("times", "Seconds on each network", Html.Of($"""
        <p>Predicted between two machines '{settings.Host.Name}', one core each.</p>
        {settings.Networks.Select((n, i) => Table.Of(
            $"Network {n.Name}",
            [Table.Column("Plan"), Table.Number("Client waits"), Table.Number("Prepared ahead"), Table.Number("Once a connection")],
            plans.Select((p, index) => Row(p, index, i, plans)),
            "pairs"))}
        """));

    private static Html Row(ReportedPlan plan, int index, int network, ImmutableArray<ReportedPlan> plans)
    {
        return Table.Row(
            Table.RowHeader(HtmlText.Name(plan.Label)),
            Cell(p => p.Times[network].OnlineSeconds, "online"),
            Cell(p => p.Times[network].OfflineSeconds, "offline"),
            Table.NumberCell(Figure.Seconds(plan.Times[network].SetupSeconds)));

        Html Cell(Func<ReportedPlan, double> of, string kind)
            => ComparedCell.Of(Figure.Seconds(of(plan)), of(plan), of(plans[0]), plans.Max(of), kind, isFirst: index == 0);
    }
}
