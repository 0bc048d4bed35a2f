using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// The networks that the literature on private inference measures, by name. They carry random weights: passes, cost
/// reports and benchmarks need real shapes, not accuracy.
/// </summary>
public static class ArchitectureCatalog
{
    private const string CryptoNas = "CryptoNAS (Ghodsi et al. 2020)", MiniOnnPaper = "MiniONN (Liu et al. 2017)";
    private const string ReluSharing = "ReLU sharing (Helbitz and Avidan 2021)", ResNetPaper = "ResNet (He et al. 2016)";
    private const string Wide = "WRN (Zagoruyko and Komodakis 2016)", VggPaper = "VGG (Simonyan and Zisserman 2014)";
    private const string Squeeze = "SqueezeNet 1.1 (Iandola et al. 2016)", ShuffleV2 = "ShuffleNetV2 (Ma et al. 2018)";
    private const string MobileV2 = "MobileNetV2 (Sandler et al. 2018)";

    public static IReadOnlyList<Architecture> All { get; } =
    [
        Cifar("cnet1-86k", CryptoNas, CNet.Of(6, 14)),
        Cifar("cnet2-100k", CryptoNas, CNet.Of(12, 8)),
        Cifar("cnet2-344k", CryptoNas, CNet.Of(12, 28)),
        Cifar("cnet3-500k", CryptoNas, CNet.Of(24, 20)),
        Cifar("minionn-avg", MiniOnnPaper, MiniOnn.AveragePooling),
        Cifar("minionn-max", MiniOnnPaper, MiniOnn.MaxPooling),
        Cifar("minionn-bn", "PILLAR (Diaa et al. 2024)", MiniOnn.BatchNormalized),
        Cifar("relu-sharing-cifar10", ReluSharing, MiniOnn.AveragePooling),
        Cifar("relu-sharing-svhn", ReluSharing, SharedReluNetworks.Svhn),
        new Architecture("relu-sharing-fashion-mnist", ReluSharing, 1, 28, 10, SharedReluNetworks.FashionMnist),
        Cifar("resnet-18", ResNetPaper, ResNet.ResNet18),
        Cifar("resnet-20", ResNetPaper, ResNet.ResNet20),
        Cifar("resnet-32", ResNetPaper, ResNet.ResNet32),
        Cifar("resnet-50", ResNetPaper, ResNet.ResNet50),
        Cifar("wrn-16-2", Wide, WideResNet.Of(16, 2)),
        Cifar("wrn-16-4", Wide, WideResNet.Of(16, 4)),
        Cifar("wrn-16-8", Wide, WideResNet.Of(16, 8)),
        Cifar("wrn-28-10", Wide, WideResNet.Of(28, 10)),
        Cifar("wrn-40-4", Wide, WideResNet.Of(40, 4)),
        Cifar("vgg-16", VggPaper, Vgg.MaxPooling),
        Cifar("vgg-16-avg", VggPaper, Vgg.AveragePooling),
        Cifar("squeezenet", Squeeze, SqueezeNet.Create),
        Cifar("shufflenetv2", ShuffleV2, ShuffleNetV2.Create),
        Cifar("mobilenetv2", MobileV2, MobileNetV2.Create),
        ImageNet("resnet-18-224", ResNetPaper, ResNet.ResNet18),
        ImageNet("resnet-50-224", ResNetPaper, ResNet.ResNet50),
        ImageNet("squeezenet-224", Squeeze, SqueezeNet.Create),
        ImageNet("shufflenetv2-224", ShuffleV2, ShuffleNetV2.Create),
        ImageNet("mobilenetv2-224", MobileV2, MobileNetV2.Create),
    ];

    /// <exception cref="PassException">There is none of that name; the message names the nearest, and all.</exception>
    public static Architecture Get(string name)
    {
        if (All.FirstOrDefault(a => a.Name == name) is { } found)
            return found;
        IEnumerable<string> known = All.Select(a => a.Name);
        string hint = NearestName.Of(name, known) is { } nearest ? $"Did you mean '{nearest}'? " : "";
        throw new PassException($"'{name}' is no architecture. {hint}Known: {string.Join(", ", known)}.");
    }

    /// <summary>Builds an architecture; see <see cref="Architecture.Create"/>.</summary>
    public static Graph Create(string name, ArchitectureOptions? options = null) => Get(name).Create(options);

    private static Architecture Cifar(string name, string source, Func<NetworkBuilder, Value, Value> body)
        => new(name, source, 3, 32, 10, body);

    private static Architecture ImageNet(string name, string source, Func<NetworkBuilder, Value, Value> body)
        => new(name, source, 3, 224, 1000, body);
}
