using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Tests;

/// <summary>Activations whose sign decisions are shared by patches.</summary>
internal static class SharedNetworks
{
    /// <summary>x·expand(DReLU(mean of each patch)); sides that the patch divides.</summary>
    public static Net ShareByMean(Net net, int patch, bool maskFirst, RandomFlip? noise = null)
    {
        Value x = net.Value;
        return Multiply(net.AveragePool(Net.Window(patch, patch)).Then(new DRelu()), x, patch, maskFirst, noise);
    }

    /// <summary>x·expand(DReLU(the upper left element of each patch)).</summary>
    public static Net ShareByElement(Net net, int patch, bool maskFirst)
    {
        Value x = net.Value;
        Shape s = x.Shape;
        Slice slice = new(new IntVector(0, 0, 0, 0), new IntVector(s[0], s[1], s[2] / patch, s[3] / patch), new IntVector(1, 1, patch, patch));
        return Multiply(net.Then(slice).Then(new DRelu()), x, patch, maskFirst, noise: null);
    }

    private static Net Multiply(Net net, Value x, int patch, bool maskFirst, RandomFlip? noise)
    {
        foreach (int axis in (int[])[2, 3])
            net.Then(new Gather(axis), net.IntegerConstant([.. Enumerable.Range(0, x.Shape[axis]).Select(i => (long)i / patch)]));
        if (noise is not null)
            net.Then(noise);
        Value mask = net.Value;
        return maskFirst ? net.Then(new Binary(BinaryKind.Mul), x) : net.At(x).Then(new Binary(BinaryKind.Mul), mask);
    }
}
