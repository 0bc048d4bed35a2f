using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using PrivateInference.Backends.Reports;
using PrivateInference.IR;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Plan;
using PrivateInference.Testing;

namespace PrivateInference.Backends.Tests.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "</td><script>\"'&amp;\u202E<img/></script>";

    public static TheoryData<string> Nets { get; } = ["chain", "residual", "linear"];

    [Theory]
    [MemberData(nameof(Nets))]
    public void The_figures_of_a_page_equal_the_cost_report(string net)
    {
        ReportContent content = ReportedNets.Content(Graph(net));
        ReportPage.Parse(HtmlReport.Render(content)).AssertFiguresEqual(JsonNode.Parse(content.Plan.Cost.ToJson())!);
    }

    [Fact]
    public void Equal_content_gives_equal_text()
        => Assert.Equal(HtmlReport.Render(ReportedNets.Content(ReportedNets.Residual)), HtmlReport.Render(ReportedNets.Content(ReportedNets.Residual)));

    [Fact]
    public void A_page_asks_for_nothing()
    {
        string html = HtmlReport.Render(ReportedNets.Content(ReportedNets.Chain));
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        XAttribute[] addresses = [.. ReportPage.Parse(html).Root.DescendantsAndSelf().Attributes().Where(a => a.Name.LocalName is "src" or "href" or "action" or "srcset")];
        Assert.All(addresses, a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
    }

    /// <summary>Names of a model, of files and of messages change text and nothing else: the same elements with the same attributes.</summary>
    [Fact]
    public void Hostile_names_change_no_markup()
    {
        Assert.Equal(Skeleton(Named("x")), Skeleton(Named(Hostile)));
        Assert.DoesNotContain('\u202E', HtmlReport.Render(Named(Hostile)));

        static string[] Skeleton(ReportContent content) =>
        [
            .. ReportPage.Parse(HtmlReport.Render(content)).Root.DescendantsAndSelf()
                .Where(e => e.Name.LocalName != "wbr")
                .Select(e => $"{e.Name} {string.Join(' ', e.Attributes().Where(a => a.Name.LocalName != "value").Select(a => a.Name))}"),
        ];
    }

    [Fact]
    public void A_hostile_name_is_shown_as_it_is()
    {
        XElement heading = ReportPage.Parse(HtmlReport.Render(Named(Hostile))).All("h1").Single();
        Assert.Equal(Hostile.Replace('\u202E', '\uFFFD'), heading.Value);
    }

    [Fact]
    public void Headings_tables_and_anchors_are_those_that_assistive_programs_rely_on()
    {
        ReportPage page = ReportPage.Parse(HtmlReport.Render(Named("x")));

        Assert.Single(page.All("h1"));
        Assert.All(page.All("th"), th => Assert.Contains(th.Attribute("scope")?.Value, new[] { "col", "row" }));
        Assert.All(page.All("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(page.All("tbody").Elements("tr"), row => Assert.Contains(row.Elements("th"), th => th.Attribute("scope")!.Value == "row"));
        string[] ids = [.. page.Root.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids, ids.Distinct());
        Assert.All(page.All("a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], ids));
        Assert.All(page.All("svg"), svg => Assert.True(svg.Attribute("aria-hidden") is not null || svg.Attribute("aria-label") is not null));
        Assert.All(page.All("input"), input => Assert.Equal("label", input.Parent!.Name.LocalName));
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Every_network_has_its_chart_and_the_layers_seconds_add_up_to_the_total(string net)
    {
        ReportContent content = ReportedNets.Content(Graph(net));
        XElement[] charts = [.. ReportPage.Parse(HtmlReport.Render(content)).All("table").Where(t => t.Attribute("class")!.Value == "waterfall")];

        Assert.Equal(content.Settings.Networks.Length, charts.Length);
        foreach ((XElement chart, TimeReport time) in charts.Zip(content.Plan.Times))
        {
            double[][] rows = [.. chart.Element("tbody")!.Elements("tr").Select(r => r.Elements("td").Where((_, c) => c is 0 or 3).Select(Value).ToArray())];
            Assert.Equal([time.OnlineSeconds, time.SetupSeconds + time.OfflineSeconds], rows[^1]);
            // Steps that nobody would notice are left out.
            Assert.Equal(rows[^1][0], rows[..^1].Sum(r => r[0]), 0.02 * rows[^1][0]);
            Assert.Equal(rows[^1][1], rows[..^1].Sum(r => r[1]), 0.02 * rows[^1][1]);
        }

        static double Value(XElement cell) => double.Parse(cell.Descendants("data").First().Attribute("value")!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void What_rewrites_save_is_shown_against_the_unmodified_model()
    {
        ReportPage page = ReportPage.Parse(HtmlReport.Render(Named("x")));
        XElement row = page.All("tr").Single(r => r.Elements("th").Any(th => th.Value == "Sign decisions (ReLUs)"));
        ReportContent content = Named("x");
        Assert.Equal(
            [content.Unmodified!.Cost.Relus, content.Plan.Cost.Relus],
            row.Descendants("data").Select(d => long.Parse(d.Attribute("value")!.Value, CultureInfo.InvariantCulture)));
        Assert.Contains("−5.0 points", page.Root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_needs_its_rewrites_says_why_there_is_nothing_to_compare_with()
    {
        ReportContent content = Named("x") with { Unmodified = null, UnmodifiedProblem = "no protocol for Erf" };
        Assert.Contains("no protocol for Erf", HtmlReport.Render(content), StringComparison.Ordinal);
    }

    /// <summary>A content with every optional part, in which everything has the same name.</summary>
    private static ReportContent Named(string name)
    {
        ReportSettings settings = ReportedNets.Settings with
        {
            Network = new NetworkProfile { Name = name, UploadMbps = 5, DownloadMbps = 6, RoundTripMs = 7 },
            Host = HostProfile.Reference with { Name = name },
        };
        return new ReportContent
        {
            Settings = settings,
            Plan = Plan(ReportedNets.Residual) with { Accuracy = new ReportedAccuracy(200, name, 0.85, 0.9) },
            Unmodified = Plan(ReportedNets.Chain),
            Passes = [new ReportedPass(name, name, 20, 10, [name, name])],
        };

        ReportedPlan Plan(Graph graph)
        {
            ExecutionPlan plan = BackendCompiler.Compile(graph, new CompileOptions { Name = name }).Plan;
            ReportedPlan reported = ReportedPlan.Of(
                plan with { Steps = [.. plan.Steps.Select(s => s with { Name = "s" })], Values = [.. plan.Values.Select(v => v with { Name = "v" })] }, settings);
            // The verifier of plans refuses some names; a report does not rely on that.
            return reported with
            {
                Cost = reported.Cost with { Plan = name, Steps = [.. reported.Cost.Steps.Select(s => s with { Name = name, Protocol = s.Protocol })] },
            };
        }
    }

    private static Graph Graph(string name) => name switch
    {
        "chain" => ReportedNets.Chain,
        "residual" => ReportedNets.Residual,
        _ => ReportedNets.Linear,
    };
}
