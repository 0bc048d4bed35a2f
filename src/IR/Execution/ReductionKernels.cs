using System.Numerics;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Operations that reduce an axis to one element.</summary>
internal static class ReductionKernels
{
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
}
