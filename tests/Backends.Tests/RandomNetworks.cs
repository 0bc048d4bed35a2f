using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Tests;

/// <summary>Small networks of every operation that lowers, in random order.</summary>
internal static class RandomNetworks
{
    public static Graph Create(int seed)
    {
        Random random = new(seed);
        Net net = new(seed, random.Next(1, 3), random.Next(1, 4), random.Next(4, 9), random.Next(4, 9));
        int layers = random.Next(1, 7);
        for (int i = 0; i < layers; i++)
            AddLayer(net, random);
        if (random.Next(2) == 0)
            net.Flatten().Dense(random.Next(1, 6));
        if (random.Next(3) == 0)
            net.Then(new Softmax(1));
        return net.Build();
    }

    private static void AddLayer(Net net, Random random)
    {
        Shape shape = net.Value.Shape;
        int channels = shape[1], smallest = Math.Min(shape[2], shape[3]);
        Value before = net.Value;
        switch (random.Next(14))
        {
            case 0 or 1 or 2:
                int kernel = random.Next(1, Math.Min(3, smallest) + 1);
                net.Conv(random.Next(1, 5), Net.Window(kernel, random.Next(1, 3), random.Next(kernel)), bias: random.Next(2) == 0).Relu();
                break;
            case 3:
                net.Conv(channels * 2, Net.Window(1), groups: channels, bias: false);
                break;
            case 4 when smallest >= 2:
                net.Relu().MaxPool(2, random.Next(1, 3));
                break;
            case 5 when smallest >= 2:
                net.Then(new MaxPool(Net.Window(2, 2, 1), CeilMode: random.Next(2) == 0)).Relu();
                break;
            case 6 when smallest >= 3:
                net.AveragePool(Net.Window(3, 2, random.Next(2)), ceil: random.Next(2) == 0, countPad: random.Next(2) == 0);
                break;
            case 7:
                net.Then(new Clip(-0.25f, 0.75f));
                break;
            case 8:
                net.Then(new Binary((BinaryKind)random.Next(2)), net.Constant([1, channels, 1, 1]));
                break;
            case 9:
                net.Then(new Binary(BinaryKind.Mul), net.Constant(random.Next(2) == 0 ? [1, channels, 1, 1] : [.. shape.Dimensions]));
                break;
            case 10:
                net.Conv(channels, Net.Window(3, 1, 1)).Then(new Binary((BinaryKind)random.Next(2)), before).Relu();
                break;
            case 11:
                Value pooled = net.AveragePool(Net.Window(3, 1, 1)).Value;
                net.At(before).Conv(2, Net.Window(1)).Then(new Concat(1), pooled, before);
                break;
            case 12:
                net.Then(new Pad(new IntVector(0, 0, 1, 0, 0, 0, 0, 2), 0.5f));
                break;
            case 13:
                IntVector starts = new(0, 0, shape[2] - 1, 0), sizes = new(shape[0], channels, shape[2], (shape[3] + 1) / 2), steps = new(1, 1, -1, 2);
                net.Then(new Slice(starts, sizes, steps)).Then(new Transpose(new IntVector(0, 1, 3, 2)));
                break;
            default:
                net.Relu();
                break;
        }
    }
}
