using System.Text;
using System.Text.RegularExpressions;
using PrivateInference.Frontend.Operators;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>Writes and reads <c>docs/conformance.md</c>.</summary>
internal static partial class ConformanceTable
{
    private const string Introduction = """
        # Conformance

        What the importer and the float interpreter make of the operator cases that the ONNX project publishes, and of models
        that other people exported. `./build.sh conformance` writes this file; it needs Debian's `libonnx-testdata` and a folder
        `shared` beside the repository with the newer cases and the models.

        A case passes when every output has the expected type and shape and differs by at most 10⁻⁴ (1 + |expected|); half
        precision computes in single precision and gets the tolerance of its format. Operands that a compiler must know (shapes,
        axes, bounds) are given as constants. A case that does not pass is refused with a diagnostic; the tests fail on
        a case that imports and computes something else.


        """;

    /// <summary>The passed cases by operator, as the file says.</summary>
    public static IReadOnlyDictionary<string, int> ReadPassed(string text) => OperatorRow().Matches(text)
        .ToDictionary(row => row.Groups["operator"].Value, row => int.Parse(row.Groups["passed"].Value), StringComparer.Ordinal);

    /// <summary>The section about plans, which is measured elsewhere; empty where there is none.</summary>
    public static string PlanSection(string text)
        => text.IndexOf("## Secure plans", StringComparison.Ordinal) is >= 0 and int start ? "\n" + text[start..] : "";

    /// <summary>The passed cases by operator.</summary>
    public static IReadOnlyDictionary<string, int> CountPassed(IReadOnlyList<ConformanceResult> results)
        => Groups(results).ToDictionary(g => g.Key, g => g.Count(Passed), StringComparer.Ordinal);

    public static string Write(IReadOnlyList<ConformanceResult> results, IReadOnlyList<ModelCheck> models)
    {
        StringBuilder text = new(Introduction.ReplaceLineEndings("\n"));
        WriteSummary(text, results, models);
        WriteOperators(text, results);
        WriteModels(text, models);
        return text.ToString();
    }

    private static void WriteSummary(StringBuilder text, IReadOnlyList<ConformanceResult> results, IReadOnlyList<ModelCheck> models)
    {
        text.Append("## Summary\n\n| | passed | of |\n|---|---:|---:|\n");
        ConformanceResult[] newer = [.. results.Where(r => r.Case.Suite == ConformanceSuite.Newer)];
        ConformanceResult[] older = [.. results.Except(newer)];
        ConformanceResult[] scope = [.. older.Where(r => ConformanceScope.Contains(r.Case))];
        Row("ONNX 1.12 (opsets to 17), operators of CNNs and transformers, float32 and int64", scope.Where(r => r.Case.UsesOnlyFloatAndInt64));
        Row("the same with all element types", scope);
        Row("all of ONNX 1.12", older);
        Row("opsets 18 to 25, float32 and int64", newer.Where(r => r.Case.UsesOnlyFloatAndInt64));
        Row("the same with all element types", newer);
        ModelCheck[] runnable = [.. models.Where(m => !m.IsReferenceAtFault)];
        text.Append($"| third-party models that ONNX Runtime runs | {runnable.Count(m => m.Matches)} | {runnable.Length} |\n\n");

        void Row(string name, IEnumerable<ConformanceResult> rows)
        {
            ConformanceResult[] all = [.. rows];
            text.Append($"| {name} | {all.Count(Passed)} | {all.Length} |\n");
        }
    }

    private static void WriteOperators(StringBuilder text, IReadOnlyList<ConformanceResult> results)
    {
        text.Append("## Operators\n\nThe opsets are those of the cases.\n\n| operator | opsets | passed | not passed, and why |\n|---|---|---:|---|\n");
        var groups = Groups(results).ToLookup(g => g.Any(Passed) || g.Key.Split(" + ").All(IsImported));
        foreach (IGrouping<string, ConformanceResult> group in groups[true])
            text.Append($"| {group.Key} | {Ranges(group.Select(r => r.Case.Opset))} | {group.Count(Passed)}/{group.Count()} | {Reasons(group)} |\n");
        text.Append("\nWithout an importer, with the number of their cases: ");
        text.AppendJoin(", ", groups[false].Select(g => $"{g.Key} ({g.Count()})")).Append(".\n\n");
    }

    private static void WriteModels(StringBuilder text, IReadOnlyList<ModelCheck> models)
    {
        text.Append("## Third-party models\n\nThe error is the largest difference to ONNX Runtime's output, relative to the output's range. " +
            "Rounding to integers makes whole steps of differences in a float's last bits, so a quantised model may be compared from one quantisation to the next.\n\n");
        text.Append("| model | result |\n|---|---|\n");
        foreach (ModelCheck model in models)
            text.Append($"| {model.File} | {Result(model)} |\n");
    }

    private static string Result(ModelCheck model) => model switch
    {
        { Matches: true, IsStaged: true } => "matches from each quantisation to the next",
        { Matches: true } => "matches",
        { Error: { } error } => $"differs by {error:E0}",
        _ => Cell(model.Reason),
    };

    /// <summary>Cases by what they are about: their operator; for an expanded case the one that it expands.</summary>
    private static IEnumerable<IGrouping<string, ConformanceResult>> Groups(IReadOnlyList<ConformanceResult> results)
    {
        Dictionary<string, string> plain = results.Where(r => !r.Case.IsExpanded)
            .GroupBy(r => r.Case.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => string.Join(" + ", g.First().Case.Operators), StringComparer.Ordinal);
        return results.GroupBy(r => Subject(r.Case), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);

        string Subject(ConformanceCase test)
            => test.IsExpanded && plain.GetValueOrDefault(test.Name[..test.Name.IndexOf("_expanded", StringComparison.Ordinal)]) is { } expanded ? expanded
                : test.Operators.Count == 0 ? "Constant"
                : string.Join(" + ", test.Operators);
    }

    private static bool Passed(ConformanceResult result) => result.Outcome is ConformanceOutcome.Passed;

    private static bool IsImported(string operatorName) => OperatorTable.Find(operatorName) is not null;

    private static string Reasons(IEnumerable<ConformanceResult> group) => string.Join("; ", group.Where(r => !Passed(r))
        .GroupBy(r => Cell(r.Reason), StringComparer.Ordinal)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => $"{g.Count()}× {g.Key}"));

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary><c>6, 9, 11–13</c></summary>
    private static string Ranges(IEnumerable<long> numbers)
    {
        List<(long First, long Last)> ranges = [];
        foreach (long number in numbers.Distinct().Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
                ranges[^1] = (ranges[^1].First, number);
            else
                ranges.Add((number, number));
        }

        return string.Join(", ", ranges.Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}–{r.Last}"));
    }

    [GeneratedRegex(@"^\| (?<operator>[^|]+) \| [^|]+ \| (?<passed>[0-9]+)/", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OperatorRow();
}
