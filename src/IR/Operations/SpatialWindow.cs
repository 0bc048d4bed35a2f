namespace PrivateInference.IR.Operations;

/// <summary>
/// The geometry of a sliding window over the spatial axes: kernel, strides, dilations, and explicit pads
/// (all begins, then all ends, as in ONNX). Shared by convolution and pooling.
/// </summary>
public sealed record SpatialWindow(IntVector Kernel, IntVector Strides, IntVector Dilations, IntVector Pads)
{
    public int Rank => Kernel.Count;

    public static SpatialWindow Create(ReadOnlySpan<int> kernel, int stride = 1, int pad = 0) => new(
        new IntVector(kernel),
        IntVector.Repeat(stride, kernel.Length),
        IntVector.Repeat(1, kernel.Length),
        IntVector.Repeat(pad, 2 * kernel.Length));

    public int PadBegin(int axis) => Pads[axis];

    public int PadEnd(int axis) => Pads[Rank + axis];

    /// <summary>The extent of the dilated kernel along a spatial axis.</summary>
    /// <exception cref="GraphException">It is not a dimension.</exception>
    public int Extent(int axis) => Shape.Dimension(((Kernel[axis] - 1L) * Dilations[axis]) + 1);

    /// <summary>The number of window positions along a spatial axis.</summary>
    /// <exception cref="GraphException">The window does not fit or an attribute is out of range.</exception>
    public int OutputSize(int axis, int inputSize, bool ceil = false)
    {
        if (Strides[axis] < 1 || Dilations[axis] < 1 || Kernel[axis] < 1 || PadBegin(axis) < 0 || PadEnd(axis) < 0)
            throw new GraphException($"A window of kernel {Kernel}, strides {Strides}, dilations {Dilations}, pads {Pads} has no meaning.");
        long free = (long)inputSize + PadBegin(axis) + PadEnd(axis) - Extent(axis);
        if (free < 0)
            throw new GraphException($"A window of kernel {Kernel}, dilations {Dilations}, pads {Pads} does not fit an axis of {inputSize}.");
        long size = (ceil ? (free + Strides[axis] - 1) / Strides[axis] : free / Strides[axis]) + 1;

        // With ceil, a window that would start in the end padding is left out (ONNX and PyTorch agree).
        if (ceil && (size - 1) * Strides[axis] >= inputSize + PadBegin(axis))
            size--;
        return Shape.Dimension(size);
    }

    public IEnumerable<(string Name, string Value)> Attributes =>
    [
        ("kernel", Kernel.ToString()), ("strides", Strides.ToString()),
        ("dilations", Dilations.ToString()), ("pads", Pads.ToString()),
    ];

    /// <summary>The output shape of a window over an N×C×spatial input with <paramref name="channels"/> output channels.</summary>
    internal Shape OutputShape(Shape input, int channels, bool ceil, string operation)
    {
        if (input.Rank != Rank + 2)
            throw new GraphException($"'{operation}' with {Rank} spatial axes needs an input of rank {Rank + 2}, not {input}.");
        if (Strides.Count != Rank || Dilations.Count != Rank || Pads.Count != 2 * Rank)
            throw new GraphException($"'{operation}' has strides {Strides}, dilations {Dilations}, pads {Pads} that do not fit kernel {Kernel}.");
        int[] dimensions = new int[Rank + 2];
        dimensions[0] = input[0];
        dimensions[1] = channels;
        for (int axis = 0; axis < Rank; axis++)
            dimensions[axis + 2] = OutputSize(axis, input[axis + 2], ceil);
        return new Shape(dimensions);
    }
}
