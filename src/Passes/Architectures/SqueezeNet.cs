using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// SqueezeNet 1.1 (Iandola et al. 2016, and its authors' later release). Images of less than 64 pixels get a stem that
/// keeps their size, and 2×2 pooling between the groups of fire modules.
/// </summary>
public static class SqueezeNet
{
    /// <summary>Channels after squeezing; a fire module expands them to 4 times as many in each of its two branches.</summary>
    private static readonly int[] Squeezed = [16, 16, 32, 32, 48, 48, 64, 64];

    public static Value Create(NetworkBuilder net, Value image)
    {
        bool small = image.Shape[2] < 64;
        Value x = small
            ? net.ConvRelu(image, "conv1", net.Channels(64), 3)
            : Pool(net.ConvRelu(image, "conv1", net.Channels(64), 3, stride: 2, pad: 0), 1);
        for (int i = 0; i < Squeezed.Length; i++)
        {
            x = Fire(net, x, $"fire{i + 2}", Squeezed[i]);
            if (i is 1 or 3)
                x = Pool(x, i + 2);
        }

        x = net.Apply("dropout", new Dropout(), x);
        x = net.GlobalAveragePool(net.ConvRelu(x, "classifier", net.Classes, 1), "avgpool");
        return net.Flatten(x, "logits");

        Value Pool(Value input, int index) => small
            ? net.MaxPool(input, $"pool{index}", 2, 2)
            : net.MaxPool(input, $"pool{index}", 3, 2, ceil: true);
    }

    private static Value Fire(NetworkBuilder net, Value x, string layer, int squeezed)
    {
        Value s = net.ConvRelu(x, $"{layer}.squeeze", net.Channels(squeezed), 1);
        int expanded = net.Channels(4 * squeezed);
        return net.Concat($"{layer}.concat", net.ConvRelu(s, $"{layer}.expand1x1", expanded, 1), net.ConvRelu(s, $"{layer}.expand3x3", expanded, 3));
    }
}
