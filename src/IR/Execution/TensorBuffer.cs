namespace PrivateInference.IR.Execution;

/// <summary>A tensor under construction, of either kind of element; what moves elements need not know which.</summary>
internal sealed class TensorBuffer(TensorType type)
{
    private readonly float[]? _floats = type.IsFloat ? new float[type.Shape.Count] : null;
    private readonly long[]? _integers = type.IsFloat ? null : new long[type.Shape.Count];

    /// <summary>Fills every element; integer tensors take the value truncated.</summary>
    public void Fill(float value)
    {
        if (_floats != null)
            Array.Fill(_floats, value);
        else
            Array.Fill(_integers!, (long)value);
    }

    /// <summary>Copies a region of <paramref name="source"/>, which has the same kind of element.</summary>
    public void Copy(Tensor source, StridedView from, StridedView to, ReadOnlySpan<int> sizes)
    {
        if (_floats != null)
            StridedView.Copy(source.Floats, from, _floats, to, sizes);
        else
            StridedView.Copy(source.Integers, from, _integers!, to, sizes);
    }

    /// <summary>The tensor; the buffer must not be written after.</summary>
    public Tensor ToTensor() => _floats != null ? Tensor.FromFloats(type, _floats) : Tensor.FromIntegers(type, _integers!);
}
