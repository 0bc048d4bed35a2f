using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// The CIFAR-10 network with seven convolutions of MiniONN (Liu et al. 2017, figure 13), which Gazelle, Delphi, SAFENet and
/// PILLAR compare on as well. With average pooling it has 173,056 ReLUs and is the CIFAR-10 network of Helbitz and
/// Avidan (table 2).
/// </summary>
public static class MiniOnn
{
    public static Value AveragePooling(NetworkBuilder net, Value image) => Create(net, image, max: false, batchNorm: false);

    public static Value MaxPooling(NetworkBuilder net, Value image) => Create(net, image, max: true, batchNorm: false);

    /// <summary>As PILLAR trains it: batch normalised, with average pooling.</summary>
    public static Value BatchNormalized(NetworkBuilder net, Value image) => Create(net, image, max: false, batchNorm: true);

    private static Value Create(NetworkBuilder net, Value image, bool max, bool batchNorm)
    {
        int wide = net.Channels(64);
        Value x = Layer(Layer(image, 1, wide, 3), 2, wide, 3);
        x = Pool(x, 1);
        x = Layer(Layer(x, 3, wide, 3), 4, wide, 3);
        x = Pool(x, 2);
        x = Layer(Layer(Layer(x, 5, wide, 3), 6, wide, 1), 7, net.Channels(16), 1);
        return net.Classifier(x);

        Value Layer(Value input, int index, int channels, int kernel) => batchNorm
            ? net.ConvBnRelu(input, $"conv{index}", channels, kernel)
            : net.ConvRelu(input, $"conv{index}", channels, kernel);

        Value Pool(Value input, int index)
            => max ? net.MaxPool(input, $"pool{index}", 2, 2) : net.AveragePool(input, $"pool{index}", 2, 2);
    }
}
