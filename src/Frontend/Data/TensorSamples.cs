using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Parts of one array as inputs: the array is one sample, or its first axis counts samples.</summary>
internal sealed class TensorSamples : ISampleSource
{
    private readonly Tensor _tensor;
    private readonly SampleType _type;
    private readonly Func<int, int>? _source;
    private readonly Func<float, int, float>? _scale;

    /// <exception cref="DataFormatException">The array does not fit the input.</exception>
    public TensorSamples(Tensor tensor, SampleType type, DataOptions options)
    {
        _tensor = tensor;
        _type = type;
        int[] dimensions = tensor.Shape.Dimensions.AsSpan().ToArray();
        (Count, ArrayFit fit) = ArrayFit.Find(dimensions, type.PerSample) is { } one ? (1, one)
            : dimensions.Length > 0 && ArrayFit.Find(dimensions.AsSpan(1), type.PerSample) is { } many ? (dimensions[0], many)
            : throw new DataFormatException($"it holds an array of shape {tensor.Shape} and the model takes {type.Type.Shape}.");
        _source = fit.Source;
        if (fit.Conversion is not null)
            Conversions = [fit.Conversion];
        if (options.Scaling is { } scaling)
            _scale = Scaling(scaling, options.Layout);
    }

    public int Count { get; }

    public IReadOnlyList<string> Conversions { get; } = [];

    public Tensor this[int index]
    {
        get
        {
            int size = _type.PerSample.Count;
            if (!_tensor.Type.IsFloat && _scale is null)
                return _type.Create(Ordered(_tensor.Integers.Slice(index * size, size)));
            float[] values = Ordered<float>(_tensor.Type.IsFloat
                ? _tensor.Floats.Slice(index * size, size)
                : Array.ConvertAll(_tensor.Integers.Slice(index * size, size).ToArray(), i => (float)i));
            for (int i = 0; _scale is not null && i < values.Length; i++)
                values[i] = _scale(values[i], i);
            return _type.Create(values);
        }
    }

    private T[] Ordered<T>(ReadOnlySpan<T> elements)
    {
        T[] result = elements.ToArray();
        for (int i = 0; _source is not null && i < result.Length; i++)
            result[i] = elements[_source(i)];
        return result;
    }

    /// <summary>Each value of the sample, by its position there, as a pixel.</summary>
    private Func<float, int, float> Scaling(PixelScaling scaling, ChannelLayout? layout)
    {
        ImageInput? image = ImageInput.Read(_type.PerSample, 0, 0, layout);
        scaling.Require(image?.Channels ?? 1);
        return image is null ? (value, _) => scaling.Apply(value, 0)
            : image.Layout is ChannelLayout.Last ? (value, i) => scaling.Apply(value, i % image.Channels)
            : (value, i) => scaling.Apply(value, i / (image.Height * image.Width));
    }
}
