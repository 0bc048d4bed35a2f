using System.Collections.Immutable;
using PrivateInference.Backends.Reports;
using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Sections;
using PrivateInference.IR;
using PrivateInference.Testing;

namespace PrivateInference.Backends.Tests.Reports;

public sealed class ParetoTests
{
    [Fact]
    public void A_point_is_on_the_front_unless_another_is_as_good_in_both_and_better_in_one()
    {
        ChartPoint[] points = [new("", 1, 0.5), new("", 2, 0.9), new("", 2, 0.8), new("", 3, 0.9), new("", 2, 0.9)];
        Assert.Equal([true, true, false, false, true], ParetoFront.Of(points, largerYIsBetter: true).ToArray());
        Assert.Equal([true, false, false, false, false], ParetoFront.Of(points, largerYIsBetter: false).ToArray());
    }

    [Theory]
    [InlineData(0.0012, 0.0031)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(0.99, 1)]
    [InlineData(3, 40_000)]
    public void Ticks_are_evenly_spaced_around_all_values(double low, double high)
    {
        ImmutableArray<double> ticks = ChartAxis.Ticks([low, high, (low + high) / 2]);
        Assert.InRange(ticks.Length, 2, 12);
        Assert.True(ticks[0] <= low && ticks[^1] >= high);
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(ticks[1] - ticks[0], pair.Second - pair.First, 1e-9 * Math.Max(1, high)));
    }

    [Fact]
    public void Plans_are_weighed_by_accuracy_only_where_all_have_one()
    {
        ReportedPlan small = Plan(ReportedNets.Linear, 0.5), large = Plan(ReportedNets.Chain, 0.9);

        PlanComparison measured = new([large, small], ReportedNets.Settings), unmeasured = new([large, small with { Accuracy = null }], ReportedNets.Settings);

        Assert.Equal((true, false), (measured.ByAccuracy, unmeasured.ByAccuracy));
        Assert.Equal([true, true], measured.OnFront.ToArray());
        Assert.Equal([false, true], unmeasured.OnFront.ToArray());
        Assert.Throws<ArgumentException>(() => new PlanComparison([], ReportedNets.Settings));
    }

    [Fact]
    public void A_comparison_names_every_plan_and_each_point_is_reached_by_keyboard()
    {
        PlanComparison comparison = new([Plan(ReportedNets.Chain, 0.9), Plan(ReportedNets.Linear, 0.5) with { Label = "<b>" }], ReportedNets.Settings);
        ReportPage page = ReportPage.Parse(ComparisonReport.Render(comparison));

        string[] points = [.. page.All("g").Where(g => g.Attribute("tabindex")?.Value == "0").Select(g => g.Attribute("aria-label")!.Value)];
        Assert.Equal(2, points.Length);
        Assert.StartsWith("2: <b>,", points[1], StringComparison.Ordinal);
        Assert.Empty(page.All("b"));
        Assert.Equal(4, page.All("section").Count());
    }

    [Fact]
    public void Money_is_traffic_computing_and_storage_at_the_given_prices()
    {
        ReportSettings settings = ReportedNets.Settings with { Prices = new Prices(2, 3600, 30) };
        ReportedPlan plan = ReportedPlan.Of(BackendCompiler.Compile(ReportedNets.Chain, new CompileOptions()).Plan, settings);

        Deployment d = Deployment.Of(plan, settings);

        long sent = plan.Cost.Total.Offline.ServerBytes + plan.Cost.Total.Online.ServerBytes - plan.Cost.Steps[0].Offline.ServerBytes;
        Assert.Equal(sent, d.ServerBytes);
        Assert.Equal(1000 * sent * 2 / 1e9, d.Traffic, 1e-9);
        double all = settings.Host.Seconds(plan.Cost.Work!.Offline.Server!) + settings.Host.Seconds(plan.Cost.Work.Online.Server!);
        double setup = settings.Host.Seconds(plan.Cost.Steps[0].Work!.Offline.Server!);
        Assert.Equal(all - setup, d.CoreSeconds, 1e-9);
        Assert.Equal(1000 * d.CoreSeconds, d.Computing, 1e-9);
        Assert.Equal(1000 * plan.Cost.Storage!.ServerBytes / 1e9, d.Keeping, 1e-9);
    }

    private static ReportedPlan Plan(Graph graph, double accuracy)
        => ReportedPlan.Of(BackendCompiler.Compile(graph, new CompileOptions()).Plan, ReportedNets.Settings) with { Accuracy = new ReportedAccuracy(10, "labels", accuracy, null) };
}
