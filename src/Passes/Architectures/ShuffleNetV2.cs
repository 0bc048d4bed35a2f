using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// ShuffleNetV2 1× (Ma et al. 2018, table 5). Images of less than 64 pixels get a stem that keeps their size. The channel
/// shuffle is exported as reshape, transpose, reshape, the channel split as two slices.
/// </summary>
public static class ShuffleNetV2
{
    private static readonly int[] Widths = [116, 232, 464];
    private static readonly int[] Repeats = [4, 8, 4];

    public static Value Create(NetworkBuilder net, Value image)
    {
        bool small = image.Shape[2] < 64;
        Value x = net.ConvBnRelu(image, "conv1", net.Channels(24), 3, stride: small ? 1 : 2);
        if (!small)
            x = net.MaxPool(x, "maxpool", 3, 2, pad: 1);
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            int half = net.Channels(Widths[stage], multiple: 2) / 2;
            x = Downsample(net, x, $"stage{stage + 2}.0", half);
            for (int i = 1; i < Repeats[stage]; i++)
                x = Block(net, x, $"stage{stage + 2}.{i}", half);
        }

        return net.PooledClassifier(net.ConvBnRelu(x, "conv5", net.Channels(1024), 1));
    }

    private static Value Downsample(NetworkBuilder net, Value x, string layer, int half)
    {
        Value left = net.DepthwiseBn(x, $"{layer}.left.depthwise", 3, 2);
        left = net.ConvBnRelu(left, $"{layer}.left.conv", half, 1);
        return Shuffle(net, left, Branch(net, x, layer, half, 2), layer);
    }

    private static Value Block(NetworkBuilder net, Value x, string layer, int half)
    {
        Value left = net.Apply($"{layer}.split.left", Half(x.Shape, 0), x);
        Value right = net.Apply($"{layer}.split.right", Half(x.Shape, half), x);
        return Shuffle(net, left, Branch(net, right, layer, half, 1), layer);
    }

    private static Value Branch(NetworkBuilder net, Value x, string layer, int half, int stride)
    {
        Value y = net.ConvBnRelu(x, $"{layer}.conv1", half, 1);
        y = net.DepthwiseBn(y, $"{layer}.depthwise", 3, stride);
        return net.ConvBnRelu(y, $"{layer}.conv2", half, 1);
    }

    private static Value Shuffle(NetworkBuilder net, Value left, Value right, string layer)
    {
        Value x = net.Concat($"{layer}.concat", left, right);
        Shape s = x.Shape;
        x = net.Apply($"{layer}.shuffle.split", new Reshape(new Shape(s[0], 2, s[1] / 2, s[2], s[3])), x);
        x = net.Apply($"{layer}.shuffle.transpose", new Transpose(new IntVector(0, 2, 1, 3, 4)), x);
        return net.Apply($"{layer}.shuffle", new Reshape(s), x);
    }

    private static Slice Half(Shape x, int start)
        => new(new IntVector(0, start, 0, 0), new IntVector(x[0], x[1] / 2, x[2], x[3]), IntVector.Repeat(1, 4));
}
