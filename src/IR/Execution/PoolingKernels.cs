using System.Numerics;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>
/// Pooling over any number of spatial axes. Maximum and sum are separable: a window is reduced along one axis after the
/// other, and the number of elements in it is the product of the numbers along the axes.
/// </summary>
internal static class PoolingKernels
{
    /// <summary>
    /// The maximum of the elements inside the input; a window with none has the lowest number, as in ONNX Runtime.
    /// </summary>
    public static Tensor Max(MaxPool op, Tensor x, TensorType type) => type.IsFloat
        ? Tensor.FromFloats(type, Reduce<float, Maximum>(op.Window, x.Floats, float.MinValue, x.Shape, type.Shape))
        : Tensor.FromIntegers(type, Reduce<long, Maximum>(op.Window, x.Integers, long.MinValue, x.Shape, type.Shape));

    /// <summary>
    /// The mean. The divisor counts elements inside the input, or inside the padded input when padding counts; what a
    /// window of ceil mode covers beyond the padding never counts. A window with none is 0.
    /// </summary>
    public static Tensor Average(AveragePool op, Tensor x, TensorType type)
    {
        float[] result = Reduce<float, Sum>(op.Window, x.Floats, 0, x.Shape, type.Shape);
        int[] divisors = [1];
        for (int axis = 0; axis < op.Window.Rank; axis++)
        {
            int[] along = Counts(op, axis, x.Shape[axis + 2], type.Shape[axis + 2]);
            divisors = [.. divisors.SelectMany(_ => along, (d, count) => d * count)];
        }

        for (int i = 0; i < result.Length; i++)
            result[i] /= Math.Max(divisors[i % divisors.Length], 1);
        return Tensor.FromFloats(type, result);
    }

    /// <summary>The p-th root of the sum of the elements' p-th powers; padding adds nothing.</summary>
    public static Tensor Norm(LpPool op, Tensor x, TensorType type)
    {
        float[] powers = Array.ConvertAll(x.Floats.ToArray(), v => MathF.Pow(MathF.Abs(v), op.P));
        float[] sums = Reduce<float, Sum>(op.Window, powers, 0, x.Shape, type.Shape);
        return Tensor.FromFloats(type, Array.ConvertAll(sums, sum => MathF.Pow(sum, 1f / op.P)));
    }

    private static T[] Reduce<T, TReduction>(SpatialWindow window, ReadOnlySpan<T> x, T seed, Shape input, Shape output)
        where T : struct, INumber<T>
        where TReduction : IReduction
    {
        int[] dimensions = input.Dimensions.AsSpan().ToArray();
        T[] current = x.ToArray();
        for (int axis = window.Rank - 1; axis >= 0; axis--)
        {
            dimensions[axis + 2] = output[axis + 2];
            T[] next = new T[new Shape(dimensions).Count];
            Array.Fill(next, seed);
            int inner = new Shape(dimensions.AsSpan(axis + 3)).Count;
            ReduceAxis<T, TReduction>(window, axis, current, input[axis + 2], next, output[axis + 2], inner);
            current = next;
        }

        return current;
    }

    /// <summary>source[outer, inputSize, inner] to target[outer, outputSize, inner]</summary>
    private static void ReduceAxis<T, TReduction>(
        SpatialWindow window, int axis, ReadOnlySpan<T> source, int inputSize, Span<T> target, int outputSize, int inner)
        where T : struct, INumber<T>
        where TReduction : IReduction
    {
        for (int row = 0; row * inner < target.Length; row++)
        {
            int outer = row / outputSize, first = (row % outputSize * window.Strides[axis]) - window.PadBegin(axis);
            Span<T> result = target.Slice(row * inner, inner);
            for (int tap = 0; tap < window.Kernel[axis]; tap++)
            {
                int position = first + (tap * window.Dilations[axis]);
                if (position < 0 || position >= inputSize)
                    continue;
                ReadOnlySpan<T> elements = source.Slice(((outer * inputSize) + position) * inner, inner);
                for (int i = 0; i < result.Length; i++)
                    result[i] = TReduction.Combine(result[i], elements[i]);
            }
        }
    }

    /// <summary>How many elements count along one axis, for each window position.</summary>
    private static int[] Counts(AveragePool op, int axis, int inputSize, int outputSize)
    {
        SpatialWindow window = op.Window;
        int low = op.CountIncludePad ? -window.PadBegin(axis) : 0;
        int high = inputSize + (op.CountIncludePad ? window.PadEnd(axis) : 0);
        int[] counts = new int[outputSize];
        for (int output = 0; output < outputSize; output++)
        {
            int first = (output * window.Strides[axis]) - window.PadBegin(axis);
            for (int tap = 0; tap < window.Kernel[axis]; tap++)
            {
                int position = first + (tap * window.Dilations[axis]);
                counts[output] += position >= low && position < high ? 1 : 0;
            }
        }

        return counts;
    }

    private interface IReduction
    {
        static abstract T Combine<T>(T a, T b)
            where T : INumber<T>;
    }

    private readonly struct Maximum : IReduction
    {
        public static T Combine<T>(T a, T b)
            where T : INumber<T> => T.Max(a, b);
    }

    private readonly struct Sum : IReduction
    {
        public static T Combine<T>(T a, T b)
            where T : INumber<T> => a + b;
    }
}
