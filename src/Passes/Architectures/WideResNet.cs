using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// Wide residual networks WRN-depth-k (Zagoruyko and Komodakis 2016): pre-activation blocks of two 3×3 convolutions,
/// (depth − 4) / 6 a stage, k times 16, 32, 64 channels wide.
/// </summary>
public static class WideResNet
{
    /// <param name="depth">6n + 4 convolutions.</param>
    /// <param name="k">The widening factor.</param>
    public static Func<NetworkBuilder, Value, Value> Of(int depth, int k) => (net, image) => Create(net, image, (depth - 4) / 6, k);

    private static Value Create(NetworkBuilder net, Value image, int blocks, int k)
    {
        Value x = net.Conv(image, "conv1", net.Channels(16), 3);
        for (int stage = 0; stage < 3; stage++)
        {
            for (int i = 0; i < blocks; i++)
                x = Block(net, x, $"block{stage + 1}.{i}", net.Channels((16 * k) << stage), stage > 0 && i == 0 ? 2 : 1);
        }

        return net.PooledClassifier(NormRelu(net, x, "final"));
    }

    /// <summary>A shortcut that changes the channels starts after the first activation, as in the authors' code.</summary>
    private static Value Block(NetworkBuilder net, Value x, string layer, int channels, int stride)
    {
        Value active = NormRelu(net, x, $"{layer}.1");
        Value y = net.Conv(active, $"{layer}.conv1", channels, 3, stride);
        y = net.Conv(NormRelu(net, y, $"{layer}.2", 0.5f), $"{layer}.conv2", channels, 3);
        Value shortcut = x.Shape == y.Shape ? x : net.Conv(active, $"{layer}.shortcut", channels, 1, stride);
        return net.Add(y, shortcut, $"{layer}.add");
    }

    private static Value NormRelu(NetworkBuilder net, Value x, string layer, float gain = 1)
        => net.Relu(net.BatchNorm(x, $"{layer}.bn", gain), $"{layer}.relu");
}
