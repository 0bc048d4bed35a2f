using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// The networks of "Reducing ReLU Count for Privacy-Preserving CNN Speedup" (Helbitz and Avidan 2021), section Experiments. The CIFAR-10 one
/// of table 2 is <see cref="MiniOnn.AveragePooling"/>.
/// </summary>
public static class SharedReluNetworks
{
    /// <summary>Table 3, for 3×32×32: the first of its two layers has 92% of the ReLUs.</summary>
    public static Value Svhn(NetworkBuilder net, Value image)
    {
        Value x = net.ConvRelu(image, "conv1", net.Channels(32), 4, pad: 0);
        x = net.AveragePool(x, "pool1", 3, 3);
        return net.Classifier(net.ConvRelu(x, "conv2", net.Channels(64), 4, pad: 0));
    }

    /// <summary>Table 4, for 1×28×28.</summary>
    public static Value FashionMnist(NetworkBuilder net, Value image)
    {
        Value x = net.AveragePool(net.ConvRelu(image, "conv1", net.Channels(32), 3), "pool1", 2, 2);
        x = net.AveragePool(net.ConvRelu(x, "conv2", net.Channels(64), 3), "pool2", 2, 2);
        x = net.Flatten(net.Apply("dropout", new Dropout(), x), "flatten");
        x = net.Relu(net.Linear(x, "fc1", net.Channels(128)), "fc1.relu");
        return net.Linear(x, "logits", net.Classes);
    }
}
