namespace PrivateInference.IR.Tests;

/// <summary>Short ways to write tensors in tests.</summary>
internal static class TestTensors
{
    public static Tensor F(int[] shape, params float[] elements) => Tensor.FromFloats(new Shape(shape), elements);

    public static Tensor I(int[] shape, params long[] elements)
        => Tensor.FromIntegers(new TensorType(ElementType.Int64, new Shape(shape)), elements);

    public static Tensor Typed(ElementType element, params long[] elements)
        => Tensor.FromIntegers(new TensorType(element, new Shape(elements.Length)), elements);

    /// <summary>0, 1, 2, …</summary>
    public static Tensor Range(params int[] shape)
    {
        Shape s = new(shape);
        return Tensor.FromFloats(s, [.. Enumerable.Range(0, s.Count).Select(i => (float)i)]);
    }

    public static Tensor Random(Random random, params int[] shape)
    {
        Shape s = new(shape);
        float[] elements = new float[s.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = (random.NextSingle() * 2) - 1;
        return Tensor.FromFloats(s, elements);
    }

    public static void AssertClose(float[] expected, Tensor actual, float tolerance = 1e-6f)
    {
        Assert.Equal(expected.Length, actual.Shape.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual.Floats[i]) <= tolerance, $"[{i}]: {expected[i]} and {actual.Floats[i]}");
    }
}
