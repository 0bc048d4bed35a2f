using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Parts of one tensor as inputs: the tensor is one sample, or its first axis counts samples.</summary>
internal sealed class TensorSamples : ISampleSource
{
    private readonly Tensor _tensor;
    private readonly SampleType _type;

    /// <exception cref="DataFormatException">The tensor does not fit the input.</exception>
    public TensorSamples(Tensor tensor, SampleType type)
    {
        _tensor = tensor;
        _type = type;
        ReadOnlySpan<int> dimensions = tensor.Shape.Dimensions.AsSpan();
        if (Fits(dimensions))
            Count = 1;
        else if (dimensions.Length > 0 && Fits(dimensions[1..]))
            Count = dimensions[0];
        else
            throw new DataFormatException($"it holds a tensor of shape {tensor.Shape} and the model takes {type.Type.Shape}.");
    }

    public int Count { get; }

    public Tensor this[int index]
    {
        get
        {
            int size = _type.Type.Shape.Count;
            return _tensor.Type.IsFloat
                ? _type.Create(_tensor.Floats.Slice(index * size, size).ToArray())
                : _type.Create(_tensor.Integers.Slice(index * size, size).ToArray());
        }
    }

    /// <summary>Axes of size one aside, the shape is that of a sample.</summary>
    private bool Fits(ReadOnlySpan<int> dimensions)
        => dimensions.ToArray().Where(d => d != 1).SequenceEqual(_type.PerSample.Dimensions.Where(d => d != 1));
}
