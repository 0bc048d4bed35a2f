using System.Numerics;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Operations that compute each element by itself. Integers wrap around at the width of their type.</summary>
internal static class ElementwiseKernels
{
    public static Tensor Binary(BinaryKind kind, Tensor a, Tensor b, TensorType type)
    {
        Tensor left = LayoutKernels.Broadcast(a, type.Shape), right = LayoutKernels.Broadcast(b, type.Shape);
        return type.IsFloat ? BinaryFloats(kind, left, right, type) : BinaryIntegers(kind, left, right, type);
    }

    public static Tensor Relu(Tensor x) => x.Type.IsFloat
        ? MapFloats(x, static v => v < 0 ? 0 : v)
        : MapIntegers(x, static v => Math.Max(v, 0));

    public static Tensor Clip(Clip op, Tensor x)
    {
        if (x.Type.IsFloat)
            return MapFloats(x, v => MathF.Min(MathF.Max(v, op.Minimum), op.Maximum));
        long minimum = (long)MathF.Ceiling(op.Minimum), maximum = (long)MathF.Floor(op.Maximum);
        return MapIntegers(x, v => Math.Min(Math.Max(v, minimum), maximum));
    }

    /// <summary>
    /// Floats become integers by truncation, saturating at 64 bits before they wrap; to bool, anything but 0 is true. To
    /// four bits they are rounded, halves away from 0, as in ONNX Runtime.
    /// </summary>
    public static Tensor Cast(Tensor x, ElementType target)
    {
        TensorType type = new(target, x.Shape);
        if (type.IsFloat && x.Type.IsFloat)
            return Tensor.FromFloats(type, x.Floats.ToArray());
        if (type.IsFloat)
            return Tensor.FromFloats(type, Array.ConvertAll(x.Integers.ToArray(), v => (float)v));
        if (target == ElementType.Bool && x.Type.IsFloat)
            return Tensor.FromIntegers(type, Array.ConvertAll(x.Floats.ToArray(), v => v != 0 ? 1L : 0L));
        bool rounds = target is ElementType.Int4 or ElementType.UInt4;
        long[] integers = x.Type.IsFloat
            ? Array.ConvertAll(x.Floats.ToArray(), v => (long)(rounds ? MathF.Round(v, MidpointRounding.AwayFromZero) : v))
            : x.Integers.ToArray();
        return Tensor.FromIntegers(type, Array.ConvertAll(integers, v => Wrap(v, target)));
    }

    public static Tensor MapFloats(Tensor x, Func<float, float> function)
    {
        ReadOnlySpan<float> source = x.Floats;
        float[] result = new float[source.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = function(source[i]);
        return Tensor.FromFloats(x.Type, result);
    }

    public static Tensor MapIntegers(Tensor x, Func<long, long> function)
        => Tensor.FromIntegers(x.Type, Array.ConvertAll(x.Integers.ToArray(), v => Wrap(function(v), x.Type.Element)));

    public static Tensor ZipFloats(Tensor a, Tensor b, TensorType type, Func<float, float, float> function)
    {
        ReadOnlySpan<float> left = a.Floats, right = b.Floats;
        float[] result = new float[left.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = function(left[i], right[i]);
        return Tensor.FromFloats(type, result);
    }

    public static Tensor ZipIntegers(Tensor a, Tensor b, TensorType type, Func<long, long, long> function)
    {
        ReadOnlySpan<long> left = a.Integers, right = b.Integers;
        long[] result = new long[left.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = Wrap(function(left[i], right[i]), type.Element);
        return Tensor.FromIntegers(type, result);
    }

    /// <summary>The number that an integer type holds after an overflow.</summary>
    /// <exception cref="GraphException">It is an unsigned number of 64 bits and beyond 63 of them.</exception>
    public static long Wrap(long value, ElementType element) => element switch
    {
        ElementType.Int32 => unchecked((int)value),
        ElementType.UInt32 => unchecked((uint)value),
        ElementType.Int16 => unchecked((short)value),
        ElementType.UInt16 => unchecked((ushort)value),
        ElementType.Int8 => unchecked((sbyte)value),
        ElementType.UInt8 => unchecked((byte)value),
        ElementType.Int4 => (value << 60) >> 60,
        ElementType.UInt4 => value & 15,
        ElementType.UInt64 when value < 0 => throw new GraphException("An unsigned number of 64 bits exceeds 63 bits, which are computed with."),
        ElementType.Bool => value != 0 ? 1 : 0,
        _ => value,
    };

    private static Tensor BinaryFloats(BinaryKind kind, Tensor a, Tensor b, TensorType type) => kind switch
    {
        BinaryKind.Add => ZipFloats<Addition>(a, b, type),
        BinaryKind.Sub => ZipFloats<Subtraction>(a, b, type),
        BinaryKind.Mul => ZipFloats<Multiplication>(a, b, type),
        BinaryKind.Div => ZipFloats<Division>(a, b, type),
        BinaryKind.Min => ZipFloats(a, b, type, MathF.Min),
        BinaryKind.Max => ZipFloats(a, b, type, MathF.Max),
        BinaryKind.Pow => ZipFloats(a, b, type, MathF.Pow),
        BinaryKind.Mod => ZipFloats(a, b, type, static (x, y) => x - (y * MathF.Floor(x / y))),
        BinaryKind.Fmod => ZipFloats(a, b, type, static (x, y) => x % y),
        _ => throw new InvalidOperationException($"Unknown arithmetic {kind}."),
    };

    private static Tensor BinaryIntegers(BinaryKind kind, Tensor a, Tensor b, TensorType type) => ZipIntegers(a, b, type, kind switch
    {
        BinaryKind.Add => static (x, y) => x + y,
        BinaryKind.Sub => static (x, y) => x - y,
        BinaryKind.Mul => static (x, y) => x * y,
        BinaryKind.Div => IntegerArithmetic.Divide,
        BinaryKind.Min => Math.Min,
        BinaryKind.Max => Math.Max,
        BinaryKind.Pow => IntegerArithmetic.Power,
        BinaryKind.Mod => IntegerArithmetic.Modulo,
        BinaryKind.Fmod => IntegerArithmetic.Remainder,
        _ => throw new InvalidOperationException($"Unknown arithmetic {kind}."),
    });

    private static Tensor ZipFloats<TOperator>(Tensor a, Tensor b, TensorType type)
        where TOperator : IOperator
    {
        ReadOnlySpan<float> left = a.Floats, right = b.Floats;
        float[] result = new float[left.Length];
        int i = 0;
        for (; i <= result.Length - Vector<float>.Count; i += Vector<float>.Count)
            TOperator.Apply(new Vector<float>(left[i..]), new Vector<float>(right[i..])).CopyTo(result, i);
        for (; i < result.Length; i++)
            result[i] = TOperator.Apply(new Vector<float>(left[i]), new Vector<float>(right[i]))[0];
        return Tensor.FromFloats(type, result);
    }

    private interface IOperator
    {
        static abstract Vector<float> Apply(Vector<float> a, Vector<float> b);
    }

    private readonly struct Addition : IOperator
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a + b;
    }

    private readonly struct Subtraction : IOperator
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a - b;
    }

    private readonly struct Multiplication : IOperator
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a * b;
    }

    private readonly struct Division : IOperator
    {
        public static Vector<float> Apply(Vector<float> a, Vector<float> b) => a / b;
    }
}
