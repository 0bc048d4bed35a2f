using System.Numerics;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Operations that give truth values or choose by them.</summary>
internal static class ComparisonKernels
{
    public static Tensor Compare(CompareKind kind, Tensor a, Tensor b, TensorType type)
    {
        Tensor left = LayoutKernels.Broadcast(a, type.Shape), right = LayoutKernels.Broadcast(b, type.Shape);
        return Tensor.FromIntegers(
            type, a.Type.IsFloat ? Zip(left.Floats, right.Floats, Relation<float>(kind)) : Zip(left.Integers, right.Integers, Relation<long>(kind)));
    }

    public static Tensor Logical(LogicalKind kind, Tensor a, Tensor b, TensorType type)
    {
        Func<long, long, bool> connective = kind switch
        {
            LogicalKind.And => static (x, y) => (x & y) != 0,
            LogicalKind.Or => static (x, y) => (x | y) != 0,
            LogicalKind.Xor => static (x, y) => x != y,
            _ => throw new InvalidOperationException($"Unknown connective {kind}."),
        };
        Tensor left = LayoutKernels.Broadcast(a, type.Shape), right = LayoutKernels.Broadcast(b, type.Shape);
        return Tensor.FromIntegers(type, Zip(left.Integers, right.Integers, connective));
    }

    public static Tensor Where(Tensor condition, Tensor yes, Tensor no, TensorType type)
    {
        ReadOnlySpan<long> chosen = LayoutKernels.Broadcast(condition, type.Shape).Integers;
        Tensor left = LayoutKernels.Broadcast(yes, type.Shape), right = LayoutKernels.Broadcast(no, type.Shape);
        return type.IsFloat
            ? Tensor.FromFloats(type, Choose(chosen, left.Floats, right.Floats))
            : Tensor.FromIntegers(type, Choose(chosen, left.Integers, right.Integers));
    }

    private static Func<T, T, bool> Relation<T>(CompareKind kind)
        where T : INumber<T> => kind switch
        {
            CompareKind.Equal => static (x, y) => x == y,
            CompareKind.Less => static (x, y) => x < y,
            CompareKind.LessOrEqual => static (x, y) => x <= y,
            CompareKind.Greater => static (x, y) => x > y,
            CompareKind.GreaterOrEqual => static (x, y) => x >= y,
            _ => throw new InvalidOperationException($"Unknown relation {kind}."),
        };

    private static long[] Zip<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Func<T, T, bool> relation)
    {
        long[] result = new long[a.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = relation(a[i], b[i]) ? 1 : 0;
        return result;
    }

    private static T[] Choose<T>(ReadOnlySpan<long> condition, ReadOnlySpan<T> yes, ReadOnlySpan<T> no)
    {
        T[] result = new T[condition.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = condition[i] != 0 ? yes[i] : no[i];
        return result;
    }
}
