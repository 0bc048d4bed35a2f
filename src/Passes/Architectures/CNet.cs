using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// Networks of <see cref="CNetDescription"/> as ENAS builds them, before CryptoNAS's ReLU reduction (figure 2(b)): the
/// convolution's result and the earlier layers' are joined, pass a ReLU, and a 1×1 convolution brings them back to the
/// layer's channels, with a ReLU again. <c>relu-shuffle</c> leads to figure 2(c), <c>relu-prune</c> to figure 2(d), with
/// one ReLU layer a core convolution.
/// </summary>
public static class CNet
{
    /// <summary>CNet1, CNet2 and CNet3 have depth 6, 12 and 24 (section 4.1), balanced, with random skips and filters.</summary>
    /// <param name="depth">Core convolutions.</param>
    /// <param name="firstChannels">Channels at full resolution.</param>
    public static Func<NetworkBuilder, Value, Value> Of(int depth, int firstChannels)
        => (net, image) => Create(net, image, CNetDescription.Random(depth, net.Channels(firstChannels), 4, net.Seed));

    /// <summary>The logits of a described network; its channels are taken as given.</summary>
    public static Value Create(NetworkBuilder net, Value image, CNetDescription description)
    {
        List<Value> results = [];
        Value x = image;
        for (int i = 0; i < description.Depth; i++)
        {
            if (i > 0 && description.Halvings(i) > description.Halvings(i - 1))
                x = net.AveragePool(x, $"pool{description.Halvings(i)}", 2, 2);
            int channels = Channels(description, i);
            Value y = net.ConvBn(x, $"layer{i}.conv", channels, description.Filters[i]);
            results.Add(y);
            Value[] skips = [.. description.Skips[i].Select(j => Reduced(net, results, j, $"layer{i}.skip{j}", y.Shape[2]))];
            x = skips.Length == 0 ? net.Relu(y, $"layer{i}.relu") : Join(net, [y, .. skips], $"layer{i}", channels);
        }

        return net.PooledClassifier(x);
    }

    private static Value Join(NetworkBuilder net, Value[] parts, string layer, int channels)
    {
        Value joined = net.Relu(net.Concat($"{layer}.concat", parts), $"{layer}.relu");
        return net.ConvBnRelu(joined, $"{layer}.reshape", channels, 1);
    }

    /// <summary>
    /// An earlier result at this layer's resolution. ENAS's reduction takes every other pixel, too; unlike an average, that
    /// commutes with ReLU. The 1×1 convolution after it adapts the channels.
    /// </summary>
    private static Value Reduced(NetworkBuilder net, List<Value> results, int source, string layer, int size)
    {
        Value result = results[source];
        int step = result.Shape[2] / size;
        if (step == 1)
            return result;
        IntVector sizes = new(result.Shape[0], result.Shape[1], size, size);
        return net.Apply(layer, new Slice(IntVector.Repeat(0, 4), sizes, new IntVector(1, 1, step, step)), result);
    }

    private static int Channels(CNetDescription description, int layer)
    {
        long channels = description.FirstChannels;
        for (int i = description.Halvings(layer); i > 0; i--)
            channels *= description.ChannelFactor;
        return Shape.Dimension(channels);
    }
}
