using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What a thousand inferences of several plans cost at one set of prices.</summary>
internal static class ComparisonMoneySection
{
    public static Section Of(ImmutableArray<ReportedPlan> plans, ReportSettings settings) => new("money", "Money for a thousand inferences", Html.Of($"""
        <p>At {Text(settings.Prices.PerGigabyte)} for a GB that the server sends, {Text(settings.Prices.PerCoreHour)} for a core hour and {Text(settings.Prices.PerGigabyteMonth)} for a GB kept for a month; material is kept for a day.</p>
        {Table.Of(
            "Paid by the server's operator",
            [Table.Column("Plan"), Table.Number("Traffic"), Table.Number("Computing"), Table.Number("Material"), Table.Number("Together")],
            plans.Select(p => Row(p, Deployment.Of(p, settings))))}
        """));

    private static Html Row(ReportedPlan plan, Deployment d) => Table.Row(
        Table.RowHeader(HtmlText.Name(plan.Label)),
        Table.NumberCell(Figure.Money(d.Traffic)),
        Table.NumberCell(Figure.Money(d.Computing)),
        Table.NumberCell(Figure.Money(d.Keeping)),
        Table.NumberCell(Figure.Money(d.Money)));

    private static string Text(double price) => price.ToString("0.####", CultureInfo.InvariantCulture);
}
