using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Architectures;

/// <summary>Compound layers. Channels are taken as given; scale them with <see cref="NetworkBuilder.Channels"/>.</summary>
public static class NetworkLayers
{
    public static Value Relu(this NetworkBuilder net, Value x, string layer) => net.Apply(layer, new Relu(), x);

    /// <summary>min(max(x, 0), 6).</summary>
    public static Value Relu6(this NetworkBuilder net, Value x, string layer) => net.Apply(layer, new Clip(0, 6), x);

    public static Value Add(this NetworkBuilder net, Value a, Value b, string layer) => net.Apply(layer, new Binary(BinaryKind.Add), a, b);

    /// <summary>Joins channels.</summary>
    public static Value Concat(this NetworkBuilder net, string layer, params ReadOnlySpan<Value> parts)
        => net.Apply(layer, new Concat(1), [.. parts]);

    public static Value MaxPool(this NetworkBuilder net, Value x, string layer, int kernel, int stride, int pad = 0, bool ceil = false)
        => net.Apply(layer, new MaxPool(SpatialWindow.Create([kernel, kernel], stride, pad), ceil), x);

    public static Value AveragePool(this NetworkBuilder net, Value x, string layer, int kernel, int stride)
        => net.Apply(layer, new AveragePool(SpatialWindow.Create([kernel, kernel], stride)), x);

    /// <summary>The mean over the whole image, 1×C×1×1.</summary>
    public static Value GlobalAveragePool(this NetworkBuilder net, Value x, string layer)
        => net.Apply(layer, new AveragePool(SpatialWindow.Create([x.Shape[2], x.Shape[3]])), x);

    /// <summary>1×C×H×W as 1×(C·H·W).</summary>
    public static Value Flatten(this NetworkBuilder net, Value x, string layer)
        => net.Apply(layer, new Reshape(new Shape(x.Shape[0], x.Shape.Count / x.Shape[0])), x);

    /// <summary>A convolution with bias and its ReLU, for networks without batch normalisation.</summary>
    public static Value ConvRelu(this NetworkBuilder net, Value x, string layer, int channels, int kernel, int stride = 1, int? pad = null)
        => net.Relu(net.Conv(x, layer, channels, kernel, stride, pad, bias: true), $"{layer}.relu");

    /// <summary>A convolution without bias, batch normalised.</summary>
    public static Value ConvBn(
        this NetworkBuilder net, Value x, string layer, int channels, int kernel, int stride = 1, int? pad = null, int groups = 1, float gain = 1)
        => net.BatchNorm(net.Conv(x, layer, channels, kernel, stride, pad, groups), $"{layer}.bn", gain);

    /// <summary>A convolution without bias, batch normalised, and its ReLU.</summary>
    public static Value ConvBnRelu(this NetworkBuilder net, Value x, string layer, int channels, int kernel, int stride = 1, int? pad = null)
        => net.Relu(net.ConvBn(x, layer, channels, kernel, stride, pad), $"{layer}.relu");

    /// <summary>A convolution of each channel by itself, batch normalised.</summary>
    public static Value DepthwiseBn(this NetworkBuilder net, Value x, string layer, int kernel, int stride)
        => net.ConvBn(x, layer, x.Shape[1], kernel, stride, groups: x.Shape[1]);

    /// <summary>The logits from 1×C×H×W: mean over the image, then one fully connected layer.</summary>
    public static Value PooledClassifier(this NetworkBuilder net, Value x)
        => net.Classifier(net.GlobalAveragePool(x, "avgpool"));

    /// <summary>The logits from 1×C×H×W: one fully connected layer over all of it.</summary>
    public static Value Classifier(this NetworkBuilder net, Value x)
        => net.Linear(net.Flatten(x, "flatten"), "logits", net.Classes);
}
