using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>What the golden files of the architectures are about: a recipe of the papers and the architectures it is tried on.</summary>
/// <param name="Name">As in the files' names.</param>
/// <param name="Passes">In the form of <c>--pass</c>; none for the network as generated.</param>
/// <param name="Architectures">Names of the catalog.</param>
internal sealed record ArchitectureRecipe(string Name, string[] Passes, string[] Architectures)
{
    /// <summary>
    /// "Crypto-Oriented Neural Architecture Design", sections 4.1 and 4.2, for MobileNetV2: of the two activations of an inverted
    /// residual the first is removed and the second halved, and ReLU takes the place of ReLU6.
    /// </summary>
    public static readonly string[] CryptoOriented =
    [
        "remove-activation:layers=*.expand.relu6",
        "partial-activation:ratio=0.5,layers=*.depthwise.relu6",
        "relu6-to-relu",
    ];

    public static IReadOnlyList<ArchitectureRecipe> All { get; } =
    [
        new("original", [], [.. ArchitectureCatalog.All.Select(a => a.Name)]),
        new("relu-after-maxpool", ["relu-after-maxpool"], ["minionn-max", "vgg-16", "squeezenet", "resnet-50-224"]),
        new("relu-balance", ["relu-balance"], ["cnet2-100k", "minionn-avg", "resnet-32", "wrn-16-4", "mobilenetv2"]),
        new("relu-balance-100k", ["relu-balance:budget=100000"], ["resnet-18", "wrn-16-4"]),
        new("relu-shuffle", ["relu-shuffle"], ["cnet1-86k", "cnet2-100k", "cnet2-344k", "cnet3-500k"]),
        new("relu-prune", ["relu-prune"], ["cnet1-86k", "cnet2-100k", "cnet2-344k", "cnet3-500k"]),
        new("crypto-oriented", CryptoOriented, ["mobilenetv2"]),
        new("maxpool-to-avgpool", ["maxpool-to-avgpool"], ["minionn-max", "squeezenet"]),
        new("partial-activation", ["maxpool-to-avgpool", "partial-activation:ratio=0.5"], ["squeezenet", "shufflenetv2"]),
        new("relu-share-channel", ["relu-share:patch=channel,layers=0..1"], ["relu-sharing-cifar10"]),
        new("polynomial", ["polynomial:degree=2,ratio=0.5"], ["resnet-18", "minionn-avg"]),
    ];

    /// <summary>The rewritten network. Without passes it is the network as generated; else it starts from the canonical form, as a compilation does.</summary>
    public Graph Apply(string architecture)
    {
        Graph graph = ArchitectureCatalog.Create(architecture);
        if (Passes.Length == 0)
            return graph;
        PassRequest[] requests = [.. Passes.Select(PassRequest.Parse)];
        PassManager manager = new([.. requests.Select(r => PassRegistry.Default.Create(r.Name, r.Parameters))], verify: true);
        return manager.Run(PassPipeline.Canonicalize(graph), PassContext.Default with { Calibration = Samples(graph, 4) }).Graph;
    }

    /// <summary>Random images, the same on every machine.</summary>
    public static CalibrationData Samples(Graph graph, int count)
    {
        TensorType type = graph.Inputs[0].Type;
        WeightInitializer random = new(seed: 1);
        return new CalibrationData([.. Enumerable.Range(0, count).Select(i => random.Uniform(i.ToString(CultureInfo.InvariantCulture), type.Shape, 0, 1))]);
    }
}
