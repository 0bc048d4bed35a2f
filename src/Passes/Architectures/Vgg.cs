using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// VGG-16 (Simonyan and Zisserman 2014) for CIFAR, batch normalised, with two hidden fully connected layers of 4096:
/// 284,672 ReLUs. The original takes maxima; PILLAR, for one, trains it with average pooling.
/// </summary>
public static class Vgg
{
    private static readonly int[][] Stages = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    public static Value AveragePooling(NetworkBuilder net, Value image) => Create(net, image, max: false);

    public static Value MaxPooling(NetworkBuilder net, Value image) => Create(net, image, max: true);

    private static Value Create(NetworkBuilder net, Value x, bool max)
    {
        for (int stage = 1; stage <= Stages.Length; stage++)
        {
            for (int i = 1; i <= Stages[stage - 1].Length; i++)
                x = ConvBnRelu(net, x, $"conv{stage}.{i}", net.Channels(Stages[stage - 1][i - 1]));
            x = max ? net.MaxPool(x, $"pool{stage}", 2, 2) : net.AveragePool(x, $"pool{stage}", 2, 2);
        }

        x = net.Flatten(x, "flatten");
        for (int i = 1; i <= 2; i++)
            x = net.Relu(net.Linear(x, $"fc{i}", net.Channels(4096)), $"fc{i}.relu");
        return net.Linear(x, "logits", net.Classes);
    }

    /// <summary>The usual implementations keep the convolution's bias beside the normalisation.</summary>
    private static Value ConvBnRelu(NetworkBuilder net, Value x, string layer, int channels)
        => net.Relu(net.BatchNorm(net.Conv(x, layer, channels, 3, bias: true), $"{layer}.bn"), $"{layer}.relu");
}
