using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>Which elements windows cover.</summary>
internal static class Windows
{
    /// <summary>Whether no window lies in the padding alone. Pools give such a window a number that is no element's.</summary>
    public static bool AllHoldElements(SpatialWindow window, Shape input, Shape output)
        => Enumerable.Range(0, window.Rank).All(axis => AllHoldElements(window, axis, input[axis + 2], output[axis + 2]));

    private static bool AllHoldElements(SpatialWindow window, int axis, int inputSize, int outputSize)
    {
        if (window.PadBegin(axis) == 0 && window.PadEnd(axis) == 0)
            return inputSize > 0;
        return Enumerable.Range(0, outputSize).All(output => Enumerable.Range(0, window.Kernel[axis]).Any(tap =>
        {
            long position = ((long)output * window.Strides[axis]) - window.PadBegin(axis) + ((long)tap * window.Dilations[axis]);
            return position >= 0 && position < inputSize;
        }));
    }
}
