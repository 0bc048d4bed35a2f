using System.Numerics;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Operations that reduce axes to one element, or to the best few.</summary>
internal static class ReductionKernels
{
    /// <summary>Sums are kept in double precision. What has no elements gives the neutral one; its mean is not a number.</summary>
    public static Tensor Reduce(Reduce op, Tensor x, TensorType type)
    {
        int[] strides = x.Shape.Strides(), kept = [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => !op.Axes.Contains(axis))];
        int[] starts = Offsets.Table([.. kept.Select(a => x.Shape[a])], [.. kept.Select(a => strides[a])]);
        int[] along = Offsets.Table([.. op.Axes.Select(a => x.Shape[a])], [.. op.Axes.Select(a => strides[a])]);
        return type.IsFloat
            ? Tensor.FromFloats(type, [.. ReduceFloats(op.Kind, x.Floats, starts, along)])
            : Tensor.FromIntegers(type, [.. ReduceIntegers(op.Kind, x.Integers, starts, along, type.Element)]);
    }

    public static Tensor CumSum(CumSum op, Tensor x, TensorType type)
    {
        int length = x.Shape[op.Axis], inner = new Shape(x.Shape.Dimensions.AsSpan()[(op.Axis + 1)..]).Count;
        if (x.Type.IsFloat)
            return Tensor.FromFloats(type, CumSum(op, x.Floats, length, inner));
        return Tensor.FromIntegers(type, Array.ConvertAll(CumSum(op, x.Integers, length, inner), v => ElementwiseKernels.Wrap(v, type.Element)));
    }

    public static Tensor TopK(TopK op, Tensor x, TensorType type)
    {
        int length = x.Shape[op.Axis], inner = new Shape(x.Shape.Dimensions.AsSpan()[(op.Axis + 1)..]).Count;
        int[] order = x.Type.IsFloat
            ? Best(x.Floats, length, inner, op.K, op.Largest)
            : Best(x.Integers, length, inner, op.K, op.Largest);
        if (op.Positions)
            return Tensor.FromIntegers(type, [.. order.Select(i => (long)(i / inner % length))]);
        ReadOnlySpan<float> floats = x.Type.IsFloat ? x.Floats : [];
        ReadOnlySpan<long> integers = x.Type.IsFloat ? [] : x.Integers;
        return x.Type.IsFloat ? Tensor.FromFloats(type, Pick(floats, order)) : Tensor.FromIntegers(type, Pick(integers, order));
    }

    public static Tensor ArgMax(ArgMax op, Tensor x, TensorType type) => Tensor.FromIntegers(
        type, x.Type.IsFloat ? ArgMax(op, x.Floats, x.Shape) : ArgMax(op, x.Integers, x.Shape));

    private static long[] ArgMax<T>(ArgMax op, ReadOnlySpan<T> x, Shape shape)
        where T : INumber<T>
    {
        int length = shape[op.Axis], inner = new Shape(shape.Dimensions.AsSpan()[(op.Axis + 1)..]).Count;
        long[] result = new long[x.Length / length];
        for (int i = 0; i < result.Length; i++)
        {
            ReadOnlySpan<T> line = x[((i / inner * length * inner) + (i % inner))..];
            int best = 0;
            for (int k = 1; k < length; k++)
            {
                T candidate = line[k * inner], current = line[best * inner];
                if (candidate > current || (op.SelectLast && candidate == current))
                    best = k;
            }

            result[i] = best;
        }

        return result;
    }

    private static T[] CumSum<T>(CumSum op, ReadOnlySpan<T> x, int length, int inner)
        where T : INumber<T>
    {
        T[] result = new T[x.Length];
        for (int line = 0; line * length < x.Length; line++)
        {
            int start = (line / inner * length * inner) + (line % inner);
            T sum = T.Zero;
            for (int i = 0; i < length; i++)
            {
                int at = start + ((op.Reverse ? length - 1 - i : i) * inner);
                T before = sum;
                sum += x[at];
                result[at] = op.Exclusive ? before : sum;
            }
        }

        return result;
    }

    private static float[] ReduceFloats(ReduceKind kind, ReadOnlySpan<float> x, int[] starts, int[] along)
    {
        float[] result = new float[starts.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double shift = kind is ReduceKind.LogSumExp ? Largest(x, starts[i], along) : 0;
            double value = Neutral(kind);
            foreach (int offset in along)
                value = Combine(kind, value, x[starts[i] + offset], shift);
            result[i] = (float)Finish(kind, value, along.Length, shift);
        }

        return result;
    }

    private static double Neutral(ReduceKind kind) => kind switch
    {
        ReduceKind.Prod => 1,
        ReduceKind.Max => double.NegativeInfinity,
        ReduceKind.Min => double.PositiveInfinity,
        _ => 0,
    };

    private static double Combine(ReduceKind kind, double value, double element, double shift) => kind switch
    {
        ReduceKind.Sum or ReduceKind.Mean or ReduceKind.LogSum => value + element,
        ReduceKind.Max => Math.Max(value, element),
        ReduceKind.Min => Math.Min(value, element),
        ReduceKind.Prod => value * element,
        ReduceKind.L1 => value + Math.Abs(element),
        ReduceKind.L2 or ReduceKind.SumSquare => value + (element * element),
        ReduceKind.LogSumExp => value + Math.Exp(element - shift),
        _ => throw new InvalidOperationException($"Unknown reduction {kind}."),
    };

    private static double Finish(ReduceKind kind, double value, int count, double shift) => kind switch
    {
        ReduceKind.Mean => value / count,
        ReduceKind.L2 => Math.Sqrt(value),
        ReduceKind.LogSum => Math.Log(value),
        ReduceKind.LogSumExp => Math.Log(value) + shift,
        _ => value,
    };

    /// <summary>Subtracting the largest keeps the exponentials finite; an infinite one would give infinity minus infinity.</summary>
    private static double Largest(ReadOnlySpan<float> x, int start, int[] along)
    {
        double largest = double.NegativeInfinity;
        foreach (int offset in along)
            largest = Math.Max(largest, x[start + offset]);
        return double.IsFinite(largest) ? largest : 0;
    }

    /// <summary>Integers wrap around at the width of their type; the mean truncates.</summary>
    private static long[] ReduceIntegers(ReduceKind kind, ReadOnlySpan<long> x, int[] starts, int[] along, ElementType element)
    {
        IntegerRange range = IntegerRange.Of(element);
        long[] result = new long[starts.Length];
        for (int i = 0; i < result.Length; i++)
        {
            long value = kind switch { ReduceKind.Max => range.Minimum, ReduceKind.Min => range.Maximum, ReduceKind.Prod => 1, _ => 0 };
            foreach (int offset in along)
                value = Combine(kind, value, x[starts[i] + offset]);
            if (kind is ReduceKind.Mean)
                value = along.Length == 0 ? throw new GraphException("The mean of no integers.") : value / along.Length;
            result[i] = ElementwiseKernels.Wrap(value, element);
        }

        return result;
    }

    private static long Combine(ReduceKind kind, long value, long element) => kind switch
    {
        ReduceKind.Sum or ReduceKind.Mean => value + element,
        ReduceKind.Max => Math.Max(value, element),
        ReduceKind.Min => Math.Min(value, element),
        ReduceKind.Prod => value * element,
        ReduceKind.L1 => element < 0 ? value - element : value + element,
        ReduceKind.SumSquare => value + (element * element),
        _ => throw new InvalidOperationException($"'{kind}' is no reduction of integers."),
    };

    /// <summary>Flat positions of the best elements of each line, in the order of the result.</summary>
    private static int[] Best<T>(ReadOnlySpan<T> x, int length, int inner, int k, bool largest)
        where T : INumber<T>
    {
        int lines = length == 0 ? 0 : x.Length / length;
        int[] result = new int[lines * k], positions = new int[length];
        T[] keys = new T[length];
        for (int line = 0; line < lines; line++)
        {
            int start = (line / inner * length * inner) + (line % inner), target = (line / inner * k * inner) + (line % inner);
            for (int i = 0; i < length; i++)
                (positions[i], keys[i]) = (i, x[start + (i * inner)]);
            Array.Sort(positions, (a, b) => keys[a].CompareTo(keys[b]) is var order and not 0 ? (largest ? -order : order) : a.CompareTo(b));
            for (int i = 0; i < k; i++)
                result[target + (i * inner)] = start + (positions[i] * inner);
        }

        return result;
    }

    private static T[] Pick<T>(ReadOnlySpan<T> source, int[] positions)
    {
        T[] result = new T[positions.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = source[positions[i]];
        return result;
    }
}
