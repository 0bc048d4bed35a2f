using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Verification;
using PrivateInference.Passes.Architectures;
using PrivateInference.Testing;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>
/// What the recipes of the papers leave of the architectures of the papers: <c>golden/architectures/NAME.RECIPE.txt</c>.
/// A recipe is one line of <see cref="Recipes"/>.
/// </summary>
public sealed class ArchitectureGoldenTests
{
    private const string All = "*";

    /// <summary>
    /// A recipe's name, its passes in the form of <c>--pass</c>, and the architectures it is tried on. <c>original</c> is
    /// the network as generated; the others start from its canonical form, as a compilation does.
    /// </summary>
    private static readonly (string Name, string[] Passes, string[] Architectures)[] Recipes =
    [
        ("original", [], [All]),
        ("relu-after-maxpool", ["relu-after-maxpool"], ["minionn-max", "vgg-16", "squeezenet", "resnet-50-224"]),
        ("relu-balance", ["relu-balance"], ["cnet2-100k", "minionn-avg", "resnet-32", "wrn-16-4", "mobilenetv2"]),
        ("relu-balance-100k", ["relu-balance:budget=100000"], ["resnet-18", "wrn-16-4"]),
        ("relu-shuffle", ["relu-shuffle"], ["cnet1-86k", "cnet2-100k", "cnet2-344k", "cnet3-500k"]),
        ("relu-prune", ["relu-prune"], ["cnet1-86k", "cnet2-100k", "cnet2-344k", "cnet3-500k"]),
        ("crypto-oriented", MobileNetRecipe.Passes, ["mobilenetv2"]),
        ("maxpool-to-avgpool", ["maxpool-to-avgpool"], ["minionn-max", "squeezenet"]),
        ("partial-activation", ["maxpool-to-avgpool", "partial-activation:ratio=0.5"], ["squeezenet", "shufflenetv2"]),
        ("relu-share-channel", ["relu-share:patch=channel,layers=0..1"], ["relu-sharing-cifar10"]),
        ("polynomial", ["polynomial:degree=2,ratio=0.5"], ["resnet-18"]),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach ((string recipe, _, string[] architectures) in Recipes)
            {
                foreach (string name in architectures is [All] ? ArchitectureCatalog.All.Select(a => a.Name) : architectures)
                    cases.Add(name, recipe);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_recipe_leaves_the_layers_that_its_golden_file_lists(string architecture, string recipe)
    {
        Graph graph = ArchitectureCatalog.Create(architecture);
        string[] passes = Recipes.Single(r => r.Name == recipe).Passes;

        if (passes.Length > 0)
            graph = Apply(passes, PassPipeline.Canonicalize(graph));

        GraphVerifier.Require(graph);
        Golden.Matches($"architectures/{architecture}.{recipe}.txt", ArchitectureReport.Print(graph));
    }

    private static Graph Apply(string[] passes, Graph graph)
    {
        PassRequest[] requests = [.. passes.Select(PassRequest.Parse)];
        PassManager manager = new([.. requests.Select(r => PassRegistry.Default.Create(r.Name, r.Parameters))], verify: true);
        return manager.Run(graph, PassContext.Default with { Calibration = Samples(graph) }).Graph;
    }

    /// <summary>Random images, the same on every machine.</summary>
    private static CalibrationData Samples(Graph graph)
    {
        TensorType type = graph.Inputs[0].Type;
        WeightInitializer random = new(seed: 1);
        return new CalibrationData([.. Enumerable.Range(0, 4).Select(i => random.Uniform(i.ToString(CultureInfo.InvariantCulture), type.Shape, 0, 1))]);
    }
}
