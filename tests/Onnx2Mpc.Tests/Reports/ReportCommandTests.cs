using System.Text.Json.Nodes;
using PrivateInference.CommandLine.Support;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Testing;

namespace PrivateInference.CommandLine.Tests.Reports;

[Collection(SampleCollection.Name)]
public sealed class ReportCommandTests(CompiledSample sample) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-reports-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_figures_of_a_compiled_models_report_equal_its_cost_file()
        => ReportPage.Parse(File.ReadAllText(sample.ReportPath)).AssertFiguresEqual(JsonNode.Parse(File.ReadAllText(sample.CostPath("fashion-mnist")))!);

    [Fact]
    public void Accuracy_is_measured_on_labelled_calibration_samples()
        => Assert.Contains("100 samples, against labels", File.ReadAllText(sample.ReportPath), StringComparison.Ordinal);

    [Fact]
    public void With_passes_a_report_compares_with_the_unmodified_model()
    {
        ToolProcess.Run(
            "compile", Repository.Sample("fashion-mnist.onnx"), "-o", _folder, "--report", "--pass", "remove-activation:layers=/Relu_2").RequireSuccess();
        string html = File.ReadAllText(Path.Combine(_folder, "fashion-mnist.report.html"));
        Assert.Contains("The plan against the model without rewrites", html, StringComparison.Ordinal);
        Assert.Contains("remove-activation", html, StringComparison.Ordinal);
        Assert.Contains("not measured", html, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_plan_gets_a_report_for_the_given_load_prices_and_host()
    {
        string page = Path.Combine(_folder, "page.html"), host = Path.Combine(_folder, "host.json");
        File.WriteAllText(host, Runtime.Costs.Timing.HostProfile.Reference.ToJson().Replace("\"reference\"", "\"my box\"", StringComparison.Ordinal));

        ToolResult result = ToolProcess.Run("cost", sample.PlanPath(), "--report", page, "--host", host, "--requests-per-day", "7", "--price-per-gb", "0.5", "--json").RequireSuccess();

        ReportPage report = ReportPage.Parse(File.ReadAllText(page));
        JsonNode cost = JsonNode.Parse(result.Output)!;
        report.AssertFiguresEqual(cost);
        Assert.Contains("my box", report.Root.Value, StringComparison.Ordinal);
        Assert.Equal(["7", "0.5"], report.All("input").Where(i => i.Attribute("type")!.Value == "number").Take(2).Select(i => i.Attribute("value")!.Value));
        string day = report.All("output").Single(o => o.Attribute("name")!.Value == "client-day").Descendants("data").Single().Attribute("value")!.Value;
        Assert.Equal($"{7 * (long)cost["storage"]!["client_bytes"]!}", day);
    }

    [Fact]
    public void A_report_with_a_dealer_counts_what_it_sends_and_says_what_it_could_learn()
    {
        string page = Path.Combine(_folder, "dealt.html");

        ToolResult result = ToolProcess.Run("cost", sample.PlanPath(), "--dealer", "--report", page, "--json").RequireSuccess();

        ReportPage report = ReportPage.Parse(File.ReadAllText(page));
        report.AssertFiguresEqual(JsonNode.Parse(result.Output)!);
        Assert.Contains(report.All("data"), d => d.Attribute("data-of")?.Value == "total.offline.helper_bytes");
        Assert.Contains("The dealer learns", report.Root.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--price-per-gb", "-1")]
    [InlineData("--requests-per-day", "NaN")]
    [InlineData("--requests-per-day", "many")]
    public void A_load_or_price_without_meaning_is_a_usage_error(string option, string value)
    {
        ToolResult result = ToolProcess.Run("cost", sample.PlanPath(), "--report", Path.Combine(_folder, "x.html"), option, value);
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Compared_plans_have_the_same_figures_in_page_and_document_and_the_front_is_marked()
    {
        string page = Path.Combine(_folder, "compare.html");
        string[] plans = [sample.PlanPath(), sample.PlanPath("fashion-mnist-bn")];

        ToolResult json = ToolProcess.Run(["compare", .. plans, "-o", page, "--network", "mobile", "--json"]).RequireSuccess();
        ToolResult table = ToolProcess.Run(["compare", .. plans, "--data", Repository.Sample("calibration-images-idx3-ubyte.gz"), "--limit", "20"]).RequireSuccess();

        JsonNode document = JsonNode.Parse(json.Output)!;
        ReportPage.Parse(File.ReadAllText(page)).AssertFiguresEqual(document);
        Assert.Equal(("reference", "mobile", 2), ((string?)document["host"], (string?)document["network"], document["plans"]!.AsArray().Count));
        Assert.Contains(document["plans"]!.AsArray(), p => (bool)p!["on_pareto_front"]!);
        Assert.Contains("accuracy on 20 samples, against labels", table.Output, StringComparison.Ordinal);
        Assert.Contains("\nfashion-mnist-bn.plan ", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_leave_out_the_folders_that_all_plans_share()
    {
        Assert.Equal(["a/m.plan", "b/c/m.plan"], PlanLabels.Of(["/tmp/x/a/m.plan", "/tmp/x/b/c/m.plan"]));
        Assert.Equal(["m.plan", "m.plan"], PlanLabels.Of(["m.plan", "m.plan"]));
        Assert.Equal(["m.plan"], PlanLabels.Of(["out/m.plan"]));
    }

    [Fact]
    public void Comparing_nothing_is_a_usage_error_and_comparing_no_plan_a_file_error()
    {
        Assert.Equal(ExitCodes.Usage, ToolProcess.Run("compare").ExitCode);
        Assert.Equal(ExitCodes.BadFile, ToolProcess.Run("compare", sample.WeightsPath()).ExitCode);
    }
}
