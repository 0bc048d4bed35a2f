using System.Globalization;
using System.Text;
using PrivateInference.Frontend.Reference;
using PrivateInference.Testing;

namespace PrivateInference.Passes.Tests.Exact;

/// <summary>Every exact pass on every third-party model, of whatever size; <c>./build.sh conformance</c> runs it and writes the table.</summary>
public sealed class AllModelsTests
{
    private const double Tolerance = 1e-4;

    private const string Introduction = """
        # Exact rewrites

        Written by `./build.sh conformance`. Every exact pass (`onnx2mpc passes`), each by itself and all together until none finds
        anything more, on every third-party model that imports. ONNX Runtime executes the model's file and each rewritten graph as it
        is exported, on one random input; dimensions that a model leaves open are 64, its batch 1. *Error* is the largest difference of
        any output element after any of them, relative to the largest element; of quantised models two elements in a hundred may be
        rounded to another integer. Of models with over 25 million weights only the graph with all passes is executed.
        *Sign decisions* are those of the model as imported and with all passes, in thousands; *passes* are those that found
        something, besides those of the canonical form. The light ImageNet architectures have uniform weights and saturate, which
        makes their outputs equal to the bit; networks with random weights are `ArchitectureRewriteTests`.


        """;

    [SkippableFact]
    public void All_models_compute_the_same_after_exact_passes_and_are_listed()
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("UPDATE_CONFORMANCE") == "1", "rewriting all models takes minutes; './build.sh conformance' does it");
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        Skip.If(SharedModels.Root is null, "no shared models beside the repository");
        List<RewrittenModel> results = [];
        foreach (string file in Directory.EnumerateFiles(SharedModels.Root!, "*.onnx", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) != "negative").Order(StringComparer.Ordinal))
        {
            results.Add(RewrittenModel.Measure(file));
            Console.Error.WriteLine($"{results[^1].Model}: {results[^1].Reason ?? results[^1].Error.ToString("E1", CultureInfo.InvariantCulture)}");
        }

        File.WriteAllText(Path.Combine(Golden.Repository, "docs", "exact-rewrites.md"), Write(results));
        string[] failures = [.. results.Where(r => r.Reason is null && !(r.Error <= Tolerance)).Select(r => $"{r.Model}: {r.Error:E1}")];
        Assert.True(failures.Length == 0, string.Join('\n', failures));
    }

    private static string Write(IReadOnlyList<RewrittenModel> results)
    {
        RewrittenModel[] compared = [.. results.Where(r => r.Reason is null)];
        StringBuilder text = new(Introduction.ReplaceLineEndings("\n"));
        text.Append(CultureInfo.InvariantCulture, $"{compared.Count(r => r.Error <= Tolerance)} of {compared.Length} models compute the same to within {Tolerance:0.####}.\n\n");
        text.Append("| model | input | multiply-accumulates (M) | sign decisions (k) | passes | error |\n|---|---|---:|---:|---|---:|\n");
        foreach (RewrittenModel r in compared)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {r.Model} | {r.Input} | {Change(r.Before.MultiplyAccumulates / 1e6, r.After.MultiplyAccumulates / 1e6)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Change(r.Before.SignDecisions / 1e3, r.After.SignDecisions / 1e3)} | {string.Join(", ", r.Passes)} | {(r.Error == 0 ? "0" : r.Error.ToString("0.0E+0", CultureInfo.InvariantCulture))} |\n");
        }

        text.Append("\nNot compared:\n\n| model | why |\n|---|---|\n");
        foreach (RewrittenModel r in results.Where(r => r.Reason is not null))
            text.Append(CultureInfo.InvariantCulture, $"| {r.Model} | {r.Reason!.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return text.ToString();
    }

    private static string Change(double before, double after)
        => before == after ? Number(before) : $"{Number(before)} → {Number(after)}";

    private static string Number(double x) => x.ToString(x == 0 ? "0" : "#,0.0##", CultureInfo.InvariantCulture);
}
