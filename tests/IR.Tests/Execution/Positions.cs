namespace PrivateInference.IR.Tests.Execution;

/// <summary>Multi-indices for reference implementations, which are as plain as they can be.</summary>
internal static class Positions
{
    /// <summary>Every index of a shape, row-major.</summary>
    public static IEnumerable<int[]> Of(params int[] sizes)
    {
        int count = sizes.Aggregate(1, (a, b) => a * b);
        for (int flat = 0; flat < count; flat++)
        {
            int[] index = new int[sizes.Length];
            for (int axis = sizes.Length - 1, rest = flat; axis >= 0; axis--)
            {
                index[axis] = rest % sizes[axis];
                rest /= sizes[axis];
            }

            yield return index;
        }
    }

    /// <summary>The element at an index, or null outside the tensor.</summary>
    public static float? At(Tensor tensor, params int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (index[axis] < 0 || index[axis] >= tensor.Shape[axis])
                return null;
            flat = (flat * tensor.Shape[axis]) + index[axis];
        }

        return tensor.Floats[flat];
    }
}
