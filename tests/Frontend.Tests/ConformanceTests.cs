using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Tests.Conformance;
using PrivateInference.Testing;
using Xunit.Abstractions;

namespace PrivateInference.Frontend.Tests;

/// <summary>The published operator cases, and the table of them in docs/conformance.md.</summary>
public class ConformanceTests(ITestOutputHelper log)
{
    /// <summary>Set by <c>./build.sh conformance</c>: write the table instead of checking it.</summary>
    private static readonly bool _update = Environment.GetEnvironmentVariable("UPDATE_CONFORMANCE") == "1";

    private static string Table => Path.Combine(SharedModels.Find("docs")!, "conformance.md");

    [SkippableFact]
    public void Published_cases_are_computed_or_refused_and_never_fewer_than_the_table_says()
    {
        ConformanceSuite[] suites = [.. ConformanceSuite.All.Where(s => s.Folder is not null)];
        bool all = suites.Length == ConformanceSuite.All.Count;
        Assert.True(all || !_update, "The table needs all suites; install libonnx-testdata.");
        Skip.If(suites.Length == 0, "the published operator cases are not on this machine");
        List<ConformanceResult> results = [.. suites.SelectMany(s => s.Cases()).Select(ConformanceRunner.Run)];
        if (_update)
            File.WriteAllText(Table, ConformanceTable.Write(results, CheckModels()) + ConformanceTable.PlanSection(File.ReadAllText(Table)));

        string[] failures = [.. results.Where(r => r.Outcome is ConformanceOutcome.Failed).Select(r => $"{r.Case.Suite.Name} {r.Case.Name} {r.Reason}")];
        Assert.True(failures.Length == 0, string.Join('\n', failures));
        IReadOnlyDictionary<string, int> now = ConformanceTable.CountPassed(results);
        if (all)
        {
            foreach ((string operatorName, int passed) in ConformanceTable.ReadPassed(File.ReadAllText(Table)))
                Assert.True(now.GetValueOrDefault(operatorName) >= passed, $"{operatorName}: {now.GetValueOrDefault(operatorName)} cases pass; {passed} passed before");
        }

        log.WriteLine($"{now.Values.Sum()} of {results.Count} cases pass");
    }

    private static List<ModelCheck> CheckModels()
    {
        Assert.True(OnnxRuntimeLibrary.IsAvailable, "The table needs ONNX Runtime; ./build.sh reference gets it.");
        Assert.True(SharedModels.Root is not null, "The table needs the third-party models.");
        return [.. Directory.EnumerateDirectories(SharedModels.Root!).Order(StringComparer.Ordinal)
            .Where(folder => Path.GetFileName(folder) is not ("negative" or "expected"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
            .Select(file => ModelCheck.Of(file))];
    }
}
