using System.Text.Json.Nodes;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Testing;

namespace PrivateInference.CommandLine.Tests.Reports;

/// <summary>
/// The report in a real browser; skipped where there is none. <c>UPDATE_SCREENSHOTS=FOLDER dotnet test</c> also writes there what it
/// looks like.
/// </summary>
[Collection(SampleCollection.Name)]
public sealed class ReportInBrowserTests(CompiledSample sample)
{
    private const int Tab = 9;
    private const int ArrowRight = 39;

    [SkippableTheory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(400, false)]
    [InlineData(400, true)]
    public async Task A_report_loads_without_error_or_request_and_does_not_scroll_sideways(int width, bool dark)
    {
        using HeadlessBrowser browser = await HeadlessBrowser.ShowAsync(sample.ReportPath, width, dark);

        Assert.Empty(browser.Problems);
        Assert.Equal([new Uri(sample.ReportPath).AbsoluteUri], browser.Requests);
        Assert.Equal($"{width}", await browser.EvaluateAsync("String(document.documentElement.scrollWidth)"));
        await KeepAsync(browser, $"report-{width}-{(dark ? "dark" : "light")}.png");
    }

    [SkippableFact]
    public async Task A_comparison_loads_without_error_or_request_and_its_points_take_the_keyboards_focus()
    {
        string page = Path.ChangeExtension(sample.ReportPath, ".compare.html");
        ToolProcess.Run("compare", sample.PlanPath(), sample.PlanPath("fashion-mnist-bn"), "-o", page).RequireSuccess();
        using HeadlessBrowser browser = await HeadlessBrowser.ShowAsync(page, width: 400);

        for (int i = 0; i < 60 && await browser.EvaluateAsync("document.activeElement.tagName") != "g"; i++)
            await browser.PressAsync("Tab", Tab);

        Assert.StartsWith("1: ", await browser.EvaluateAsync("document.activeElement.getAttribute('aria-label')"), StringComparison.Ordinal);
        Assert.Empty(browser.Problems);
        Assert.Single(browser.Requests);
        Assert.Equal("400", await browser.EvaluateAsync("String(document.documentElement.scrollWidth)"));
        await KeepAsync(browser, "compare-400-light.png");
    }

    [SkippableFact]
    public async Task The_figures_that_a_browser_shows_equal_the_cost_report()
    {
        using HeadlessBrowser browser = await HeadlessBrowser.ShowAsync(sample.ReportPath);

        string shown = await browser.EvaluateAsync("new XMLSerializer().serializeToString(document)");

        ReportPage.Parse(shown.Replace(" xmlns=\"http://www.w3.org/1999/xhtml\"", "", StringComparison.Ordinal))
            .AssertFiguresEqual(JsonNode.Parse(File.ReadAllText(sample.CostPath("fashion-mnist")))!);
    }

    [SkippableFact]
    public async Task A_network_is_chosen_by_keyboard_and_its_chart_replaces_the_other()
    {
        using HeadlessBrowser browser = await HeadlessBrowser.ShowAsync(sample.ReportPath);
        const string shown = "[...document.querySelectorAll('.panel')].filter(p => p.checkVisibility()).map(p => p.querySelector('caption').textContent).join()";
        Assert.Equal("By layer on network lan", await browser.EvaluateAsync(shown));

        for (int i = 0; i < 60 && await browser.EvaluateAsync("document.activeElement.name") != "network"; i++)
            await browser.PressAsync("Tab", Tab);
        await browser.PressAsync("ArrowRight", ArrowRight);

        Assert.Equal("By layer on network wan", await browser.EvaluateAsync(shown));
    }

    [SkippableFact]
    public async Task Other_loads_and_prices_give_other_storage_and_money()
    {
        using HeadlessBrowser browser = await HeadlessBrowser.ShowAsync(sample.ReportPath);
        JsonNode storage = JsonNode.Parse(File.ReadAllText(sample.CostPath("fashion-mnist")))!["storage"]!;

        await browser.EvaluateAsync("""
            for (const [name, value] of [["requests", 7], ["egress", 0], ["core", 0], ["storage", 30]])
              document.getElementById("calculator").elements[name].value = value;
            document.getElementById("calculator").dispatchEvent(new Event("input"));
            """);

        string Result(string name) => $"document.getElementById('calculator').elements['{name}'].firstChild.value";
        Assert.Equal($"{7 * (long)storage["client_bytes"]!}", await browser.EvaluateAsync(Result("client-day")));
        Assert.Equal("0", await browser.EvaluateAsync(Result("traffic")));
        double kept = (long)storage["server_bytes"]! * 1000 / 1e9;
        Assert.Equal(kept, double.Parse(await browser.EvaluateAsync(Result("together")), System.Globalization.CultureInfo.InvariantCulture), 1e-12);
        Assert.Empty(browser.Problems);
    }

    /// <summary>The script and the compiler compute the same numbers from the same inputs.</summary>
    [SkippableFact]
    public async Task Recomputing_with_unchanged_inputs_changes_nothing()
    {
        using HeadlessBrowser browser = await HeadlessBrowser.ShowAsync(sample.ReportPath);
        const string results = "[...document.querySelectorAll('output')].map(o => `${o.name} ${o.textContent}`).join()";
        string before = await browser.EvaluateAsync(results);

        await browser.EvaluateAsync("document.getElementById('calculator').dispatchEvent(new Event('input'))");

        Assert.Equal(before, await browser.EvaluateAsync(results));
    }

    private static async Task KeepAsync(HeadlessBrowser browser, string name)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, name), await browser.ScreenshotAsync());
    }
}
