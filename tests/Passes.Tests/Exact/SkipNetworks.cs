using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests.Exact;

/// <summary>Networks whose skips repeat ReLUs, as CryptoNAS (Figure 2b) describes them.</summary>
internal static class SkipNetworks
{
    /// <summary>
    /// An ENAS macro network: layer i joins the convolutions' results of the layers before it that <paramref name="skips"/>
    /// names and of its predecessor, then ReLU, 1×1 convolution, batch normalisation, ReLU, 3×3 convolution, batch
    /// normalisation.
    /// </summary>
    public static Graph Searched(int layers, int channels, int size, Func<int, int, bool> skips, int seed = 1)
    {
        Random random = new(seed);
        GraphBuilder builder = new("searched");
        List<Value> results = [Normalised(builder, random, builder.Input("x", TensorType.Float(1, 3, size, size)), channels, kernel: 3)];
        for (int layer = 1; layer < layers; layer++)
        {
            Value[] joined = [.. results.Where((_, from) => from == layer - 1 || skips(from, layer))];
            Value activated = builder.Add(new Relu(), [joined.Length == 1 ? joined[0] : builder.Add(new Concat(1), [.. joined])], $"relu{layer}");
            Value reshaped = Normalised(builder, random, activated, channels, kernel: 1);
            results.Add(Normalised(builder, random, builder.Add(new Relu(), [reshaped], $"core{layer}"), channels, kernel: 3));
        }

        Value pooled = builder.Add(new AveragePool(SpatialWindow.Create([size, size])), [builder.Add(new Relu(), [results[^1]])]);
        Value flat = builder.Add(new Reshape(new Shape(1, channels)), [pooled]);
        builder.Output(builder.Add(new MatMul(), [flat, builder.Constant(RandomNetwork.Elements(random, channels, 10))], "logits"));
        return builder.Build();
    }

    /// <summary>A dense block: each layer joins all results before it, then ReLU and 3×3 convolution.</summary>
    public static Graph Dense(int layers, int growth, int size, int seed = 1)
    {
        Random random = new(seed);
        GraphBuilder builder = new("dense");
        Value joined = Convolution(builder, random, builder.Input("x", TensorType.Float(1, 3, size, size)), growth, kernel: 3);
        for (int layer = 1; layer < layers; layer++)
            joined = builder.Add(new Concat(1), [joined, Convolution(builder, random, builder.Add(new Relu(), [joined]), growth, kernel: 3)]);
        builder.Output(builder.Add(new Relu(), [joined], "features"));
        return builder.Build();
    }

    private static Value Normalised(GraphBuilder builder, Random random, Value x, int channels, int kernel)
    {
        Tensor variance = Tensor.FromFloats(new Shape(channels), [.. Enumerable.Range(0, channels).Select(_ => 0.5f + random.NextSingle())]);
        Value[] parameters = [.. Enumerable.Range(0, 3).Select(_ => builder.Constant(RandomNetwork.Elements(random, channels)))];
        return builder.Add(new BatchNormalization(1e-5f), [Convolution(builder, random, x, channels, kernel), .. parameters, builder.Constant(variance)]);
    }

    private static Value Convolution(GraphBuilder builder, Random random, Value x, int channels, int kernel)
        => builder.Add(
            new Conv(SpatialWindow.Create([kernel, kernel], pad: kernel / 2)),
            [x, builder.Constant(RandomNetwork.Elements(random, channels, x.Shape[1], kernel, kernel))]);
}
