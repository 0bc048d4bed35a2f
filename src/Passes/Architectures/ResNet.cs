using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// Residual networks (He et al. 2016). A shortcut that changes its shape is a 1×1 convolution (option B). Images of less
/// than 64 pixels get the CIFAR stem, a 3×3 convolution without pooling, as CryptoNAS, DeepReDuce and PILLAR use it.
/// </summary>
public static class ResNet
{
    private const int Expansion = 4;

    public static Value ResNet18(NetworkBuilder net, Value image) => Stages(net, image, 64, [2, 2, 2, 2], BasicBlock);

    /// <summary>Section 4.2 of the paper, n = 3.</summary>
    public static Value ResNet20(NetworkBuilder net, Value image) => Stages(net, image, 16, [3, 3, 3], BasicBlock);

    /// <summary>Section 4.2 of the paper, n = 5.</summary>
    public static Value ResNet32(NetworkBuilder net, Value image) => Stages(net, image, 16, [5, 5, 5], BasicBlock);

    /// <summary>With bottlenecks that stride in the 3×3 convolution, as PyTorch and MLPerf have it ("v1.5").</summary>
    public static Value ResNet50(NetworkBuilder net, Value image) => Stages(net, image, 64, [3, 4, 6, 3], Bottleneck);

    private static Value Stages(
        NetworkBuilder net, Value image, int channels, int[] blocks, Func<NetworkBuilder, Value, string, int, int, Value> block)
    {
        Value x = Stem(net, image, net.Channels(channels));
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            for (int i = 0; i < blocks[stage]; i++)
                x = block(net, x, $"layer{stage + 1}.{i}", net.Channels(channels << stage), stage > 0 && i == 0 ? 2 : 1);
        }

        return net.PooledClassifier(x);
    }

    private static Value Stem(NetworkBuilder net, Value image, int channels)
    {
        if (image.Shape[2] < 64)
            return net.ConvBnRelu(image, "conv1", channels, 3);
        return net.MaxPool(net.ConvBnRelu(image, "conv1", channels, 7, stride: 2), "maxpool", 3, 2, pad: 1);
    }

    private static Value BasicBlock(NetworkBuilder net, Value x, string layer, int channels, int stride)
    {
        Value y = net.ConvBnRelu(x, $"{layer}.conv1", channels, 3, stride);
        return Join(net, x, net.ConvBn(y, $"{layer}.conv2", channels, 3, gain: 0.5f), layer, stride);
    }

    private static Value Bottleneck(NetworkBuilder net, Value x, string layer, int channels, int stride)
    {
        Value y = net.ConvBnRelu(x, $"{layer}.conv1", channels, 1);
        y = net.ConvBnRelu(y, $"{layer}.conv2", channels, 3, stride);
        return Join(net, x, net.ConvBn(y, $"{layer}.conv3", Expansion * channels, 1, gain: 0.5f), layer, stride);
    }

    private static Value Join(NetworkBuilder net, Value x, Value branch, string layer, int stride)
    {
        Value shortcut = x.Shape == branch.Shape ? x : net.ConvBn(x, $"{layer}.shortcut", branch.Shape[1], 1, stride);
        return net.Relu(net.Add(branch, shortcut, $"{layer}.add"), $"{layer}.relu");
    }
}
