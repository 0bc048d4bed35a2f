using System.Globalization;
using System.Text;
using PrivateInference.Backends;
using PrivateInference.IR;
using PrivateInference.Passes;
using PrivateInference.Passes.Tests.Architectures;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Testing;

namespace PrivateInference.CommandLine.Tests.Compilation;

/// <summary>
/// What the recipes of the papers save on the architectures of the papers, before and after: <c>golden/architectures/NAME.costs.txt</c>,
/// for every architecture of CIFAR size that a recipe is tried on. The backend is <c>gc</c>, the papers' setting, whose protocols
/// no choice of another backend changes. Weights are random, so the ring is that of an untrained network.
/// </summary>
public sealed class ArchitectureCostTests
{
    private const string Original = "original", LargeImages = "-224";

    private static readonly CompileOptions s_options = new() { Backend = "gc", ActivationBits = 12, WeightBits = 12 };

    public static TheoryData<string> Architectures => [.. ArchitectureRecipe.All
        .Where(r => r.Name != Original).SelectMany(r => r.Architectures).Where(a => !a.EndsWith(LargeImages, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_recipe_costs_what_the_golden_file_says(string architecture)
    {
        StringBuilder text = new("recipe                ring  decisions   online client   online server  rounds  offline client  offline server  rounds\n");
        foreach (ArchitectureRecipe recipe in ArchitectureRecipe.All.Where(r => r.Architectures.Contains(architecture)))
            text.Append(CultureInfo.InvariantCulture, $"{recipe.Name,-20}  {Line(PassPipeline.Canonicalize(recipe.Apply(architecture)))}\n");
        Golden.Matches($"architectures/{architecture}.costs.txt", text.ToString());
    }

    private static string Line(Graph graph)
    {
        CostReport cost = PlanCosts.Report(BackendCompiler.Compile(graph, s_options, ArchitectureRecipe.Samples(graph, 1)).Plan);
        (PhaseCost online, PhaseCost offline) = (cost.Total.Online, cost.Total.Offline);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cost.RingBits,4}  {cost.Relus,9}  {online.ClientBytes,14}  {online.ServerBytes,14}  {online.Rounds,6}  {offline.ClientBytes,14}  {offline.ServerBytes,14}  {offline.Rounds,6}");
    }
}
