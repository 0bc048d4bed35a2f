using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018, table 2): inverted residuals with linear bottlenecks and ReLU6. Images of less than
/// 64 pixels are not reduced by the stem nor by the first stage of stride 2.
/// </summary>
public static class MobileNetV2
{
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    public static Value Create(NetworkBuilder net, Value image)
    {
        bool small = image.Shape[2] < 64;
        Value x = net.Relu6(net.ConvBn(image, "conv1", net.Channels(32), 3, small ? 1 : 2), "conv1.relu6");
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            (int expansion, int channels, int repeats, int stride) = Stages[stage];
            for (int i = 0; i < repeats; i++)
                x = Block(net, x, $"stage{stage + 1}.{i}", expansion, net.Channels(channels), i > 0 || (small && stage == 1) ? 1 : stride);
        }

        return net.PooledClassifier(net.Relu6(net.ConvBn(x, "conv2", net.Channels(1280), 1), "conv2.relu6"));
    }

    private static Value Block(NetworkBuilder net, Value x, string layer, int expansion, int channels, int stride)
    {
        Value y = x;
        if (expansion > 1)
            y = net.Relu6(net.ConvBn(x, $"{layer}.expand", expansion * x.Shape[1], 1), $"{layer}.expand.relu6");
        y = net.Relu6(net.DepthwiseBn(y, $"{layer}.depthwise", 3, stride), $"{layer}.depthwise.relu6");
        y = net.ConvBn(y, $"{layer}.project", channels, 1, gain: 0.5f);
        return x.Shape == y.Shape ? net.Add(x, y, $"{layer}.add") : y;
    }
}
