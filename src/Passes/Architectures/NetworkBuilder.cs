using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// Builds networks layer by layer, weights included, in the form in which exporters write them: batch normalisation as a
/// node of its own, a fully connected layer as a product and an addition. A value has the name of its layer.
/// <see cref="NetworkLayers"/> has the compound layers.
/// </summary>
/// <remarks>
/// Batch normalisation gets statistics near, but not at, those of a normalised input, and biases are small but not zero:
/// the network is well-conditioned, and a rewrite that forgets a parameter changes its result.
/// </remarks>
public sealed class NetworkBuilder(string name, int classes, double width = 1, ulong seed = 1)
{
    private readonly GraphBuilder _graph = new(name);
    private readonly WeightInitializer _weights = new(seed);

    /// <summary>The number of classes that the network tells apart.</summary>
    public int Classes => classes;

    /// <summary>Decides all that is random in the network.</summary>
    public ulong Seed => seed;

    /// <summary>The channels that a layer of <paramref name="channels"/> has at this width, a multiple of <paramref name="multiple"/>.</summary>
    public int Channels(int channels, int multiple = 1)
        => multiple * Math.Max(1, (int)Math.Round(channels * width / multiple, MidpointRounding.AwayFromZero));

    /// <summary>The network's input, 1×channels×size×size.</summary>
    public Value Image(int channels, int size) => _graph.Input("image", TensorType.Float(1, channels, size, size));

    /// <summary>The finished graph with <paramref name="logits"/> as its output.</summary>
    public Graph Build(Value logits)
    {
        _graph.Output(logits);
        return _graph.Build();
    }

    /// <summary>An operation without weights.</summary>
    public Value Apply(string layer, Operation operation, params ImmutableArray<Value> inputs) => _graph.Add(operation, inputs, layer);

    /// <summary>A convolution of 1×C×H×W to <paramref name="channels"/> channels, taken as given, not scaled.</summary>
    /// <param name="x">The input.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Height and width of the filters.</param>
    /// <param name="stride">Stride on both axes.</param>
    /// <param name="pad">Padding on all sides; null for the one that keeps the size at stride 1.</param>
    /// <param name="groups">Groups; the input's channels for a depthwise convolution.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public Value Conv(Value x, string layer, int channels, int kernel, int stride = 1, int? pad = null, int groups = 1, bool bias = false)
    {
        SpatialWindow window = SpatialWindow.Create([kernel, kernel], stride, pad ?? (kernel - 1) / 2);
        Shape shape = new(channels, x.Shape[1] / groups, kernel, kernel);
        Value weight = _graph.Constant(_weights.He($"{layer}.weight", shape, shape.Count / channels), $"{layer}.weight");
        return _graph.Add(new Conv(window, groups), bias ? [x, weight, Bias(layer, channels)] : [x, weight], layer);
    }

    /// <summary>Batch normalisation of axis 1.</summary>
    /// <param name="x">The input.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="gain">
    /// Mean of the scale. Less than one at the end of a residual branch keeps the sums of a deep network from growing, as
    /// training does.
    /// </param>
    public Value BatchNorm(Value x, string layer, float gain = 1)
    {
        Shape shape = new(x.Shape[1]);
        return _graph.Add(
            new BatchNormalization(1e-5f),
            [
                x,
                Parameter("weight", 0.8f * gain, 1.2f * gain), Parameter("bias", -0.1f, 0.1f),
                Parameter("running_mean", -0.1f, 0.1f), Parameter("running_var", 0.8f, 1.25f),
            ],
            layer);

        Value Parameter(string parameter, float minimum, float maximum)
            => _graph.Constant(_weights.Uniform($"{layer}.{parameter}", shape, minimum, maximum), $"{layer}.{parameter}");
    }

    /// <summary>A fully connected layer of 1×F to 1×features, taken as given, not scaled.</summary>
    public Value Linear(Value x, string layer, int features)
    {
        Shape shape = new(x.Shape[1], features);
        Value weight = _graph.Constant(_weights.He($"{layer}.weight", shape, x.Shape[1], gain: 1), $"{layer}.weight");
        Value product = _graph.Add(new MatMul(), [x, weight], $"{layer}/matmul", layer);
        return _graph.Add(new Binary(BinaryKind.Add), [product, Bias(layer, features)], layer, $"{layer}/bias");
    }

    private Value Bias(string layer, int count)
        => _graph.Constant(_weights.Uniform($"{layer}.bias", new Shape(count), -0.05f, 0.05f), $"{layer}.bias");
}
