using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>The type of one sample: the model's input with batch size 1.</summary>
internal sealed class SampleType
{
    public SampleType(TensorType input)
    {
        bool hasBatch = input.Shape.Rank > 1;
        PerSample = hasBatch ? new Shape(input.Shape.Dimensions.AsSpan()[1..]) : input.Shape;
        Type = hasBatch ? input.WithShape(new Shape([1, .. PerSample.Dimensions.AsSpan()])) : input;
    }

    public TensorType Type { get; }

    /// <summary>The shape without the batch axis.</summary>
    public Shape PerSample { get; }

    /// <summary>A sample of these values, in the element type that the model takes.</summary>
    public Tensor Create(float[] values) => Type.IsFloat
        ? Tensor.FromFloats(Type, values)
        : Tensor.FromIntegers(Type, Array.ConvertAll(values, v => (long)MathF.Round(v)));

    /// <inheritdoc cref="Create(float[])"/>
    public Tensor Create(long[] values) => Type.IsFloat
        ? Tensor.FromFloats(Type, Array.ConvertAll(values, v => (float)v))
        : Tensor.FromIntegers(Type, values);
}
