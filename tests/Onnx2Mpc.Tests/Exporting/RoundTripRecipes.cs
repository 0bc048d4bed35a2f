using PrivateInference.CommandLine.Support;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Tests.Exporting;

/// <summary>The recipes that the round trip through an exported model is tested with: all of samples/recipes, and a line for each further one.</summary>
internal static class RoundTripRecipes
{
    private const string FileEnding = ".yaml";

    private static readonly string s_folder = Path.Combine(Repository.Root, "samples", "recipes");

    private static readonly string[] _lines =
    [
        "",
        "relu-after-maxpool dead-code",
        "remove-activation:layers=0",
        "maxpool-to-avgpool relu6-to-relu partial-activation:ratio=0.5",
        "maxpool-to-avgpool relu-share:patch=2x2,noise=0.2",
        "relu-share:patch=channel,noise=0.2,noise-seed=7,layers=*",
    ];

    /// <summary>The lines, every pass of the registry by itself unless a line names it, and the committed files.</summary>
    public static TheoryData<string> All => [.. _lines, .. Files, .. PassRegistry.Default.All.Select(p => p.Name).Where(name => !_lines.Any(line => Names(line).Contains(name)))];

    private static IEnumerable<string> Files => Directory.EnumerateFiles(s_folder, "*" + FileEnding).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>What the commands make of a graph and a recipe: a line of passes, or a file's name.</summary>
    public static Graph Apply(string recipe, Graph graph, CalibrationData calibration)
    {
        IReadOnlyList<Pass> passes = recipe.EndsWith(FileEnding, StringComparison.Ordinal)
            ? PassList.Read(Path.Combine(s_folder, recipe), [])
            : PassList.Read(null, recipe.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return ModelLoader.Rewrite(graph, passes, new PassContext { Calibration = calibration }).Graph;
    }

    private static IEnumerable<string> Names(string line) => line.Split(' ').Select(specification => specification.Split(':')[0]);
}
