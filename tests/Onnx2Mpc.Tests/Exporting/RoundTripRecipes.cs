using PrivateInference.CommandLine.Support;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Tests.Exporting;

/// <summary>The recipes that the round trip through an exported model is tested with. A new one is a new line.</summary>
internal static class RoundTripRecipes
{
    private static readonly string[] _lines =
    [
        "",
        "relu-after-maxpool dead-code",
        "remove-activation:layers=0",
        "maxpool-to-avgpool relu6-to-relu partial-activation:ratio=0.5",
    ];

    /// <summary>The lines, and every pass of the registry by itself unless a line names it.</summary>
    public static TheoryData<string> All => [.. _lines, .. PassRegistry.Default.All.Select(p => p.Name).Where(name => !_lines.Any(line => Names(line).Contains(name)))];

    /// <summary>What the commands make of a graph and a recipe.</summary>
    public static Graph Apply(string recipe, Graph graph, CalibrationData calibration)
    {
        IReadOnlyList<Pass> passes = PassList.Read(null, recipe.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return ModelLoader.Rewrite(graph, passes, new PassContext { Calibration = calibration }).Graph;
    }

    private static IEnumerable<string> Names(string line) => line.Split(' ').Select(specification => specification.Split(':')[0]);
}
