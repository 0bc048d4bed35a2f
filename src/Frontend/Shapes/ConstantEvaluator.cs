using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Shapes;

/// <summary>
/// Computes operations on known tensors while importing: the shape arithmetic that exporters emit, and weights that a
/// node wants transposed or scaled.
/// </summary>
internal static class ConstantEvaluator
{
    public static bool CanEvaluate(Operation operation)
        => operation is Reshape or Identity or Dropout or Cast or Transpose or Slice or Concat or Gather or Binary;

    /// <summary>Whether the result is the operand's data under another name, so that it takes no memory.</summary>
    public static bool SharesData(Operation operation) => operation is Reshape or Identity or Dropout;

    /// <exception cref="GraphException">The operands do not fit, or an index is out of range.</exception>
    /// <exception cref="ArithmeticException">An integer division by zero or an overflow.</exception>
    public static Tensor Evaluate(Operation operation, IReadOnlyList<Tensor> inputs)
    {
        TensorType type = operation.InferType([.. inputs.Select(t => t.Type)]);
        return operation switch
        {
            Reshape or Identity or Dropout => inputs[0].Reshape(type.Shape),
            Cast => Convert(inputs[0], type),
            Transpose transpose => Permute(inputs[0], transpose, type.Shape),
            Slice slice => Cut(inputs[0], slice, type.Shape),
            Concat concat => Join(inputs, concat.Axis, type),
            Gather gather => Select(inputs[0], inputs[1].Integers, gather.Axis, type),
            Binary binary => Combine(inputs[0], inputs[1], binary.Kind, type),
            _ => throw new ArgumentException($"'{operation.Name}' is not evaluated while importing.", nameof(operation)),
        };
    }

    /// <summary>The tensor repeated to a shape that it broadcasts to.</summary>
    public static Tensor Expand(Tensor tensor, Shape shape)
    {
        if (tensor.Shape == shape)
            return tensor;
        int[] own = tensor.Shape.Strides();
        int[] strides = new int[shape.Rank];
        int lead = shape.Rank - tensor.Shape.Rank;
        for (int axis = lead; axis < shape.Rank; axis++)
            strides[axis] = tensor.Shape[axis - lead] == 1 ? 0 : own[axis - lead];
        return Strided(tensor, shape, 0, strides);
    }

    /// <summary>Truncation towards zero for float to integer, as in C; booleans are 0 and 1.</summary>
    private static Tensor Convert(Tensor tensor, TensorType type) => (tensor.Type.IsFloat, type.IsFloat) switch
    {
        (true, true) => Tensor.FromFloats(type, tensor.Floats.ToArray()),
        (false, true) => Tensor.FromFloats(type, Map(tensor.Integers, i => (float)i)),
        (true, false) when type.Element == ElementType.Bool => Tensor.FromIntegers(type, Map(tensor.Floats, f => f == 0 ? 0L : 1L)),
        (true, false) => Tensor.FromIntegers(type, Map(Map(tensor.Floats, f => checked((long)f)), Wrap(type.Element))),
        (false, false) => Tensor.FromIntegers(type, Map(tensor.Integers, Wrap(type.Element))),
    };

    private static Func<long, long> Wrap(ElementType element) => element switch
    {
        ElementType.Bool => i => i == 0 ? 0 : 1,
        ElementType.Int32 => i => unchecked((int)i),
        ElementType.Int8 => i => unchecked((sbyte)i),
        ElementType.UInt8 => i => unchecked((byte)i),
        _ => i => i,
    };

    private static Tensor Permute(Tensor tensor, Transpose transpose, Shape shape)
    {
        int[] strides = tensor.Shape.Strides();
        return Strided(tensor, shape, 0, [.. transpose.Permutation.Select(axis => strides[axis])]);
    }

    private static Tensor Cut(Tensor tensor, Slice slice, Shape shape)
    {
        int[] strides = tensor.Shape.Strides();
        int start = shape.Count == 0 ? 0 : Enumerable.Range(0, shape.Rank).Sum(axis => slice.Starts[axis] * strides[axis]);
        return Strided(tensor, shape, start, [.. strides.Select((stride, axis) => stride * slice.Steps[axis])]);
    }

    private static Tensor Combine(Tensor left, Tensor right, BinaryKind kind, TensorType type)
    {
        left = Expand(left, type.Shape);
        right = Expand(right, type.Shape);
        return type.IsFloat
            ? Tensor.FromFloats(type, Zip(left.Floats, right.Floats, Arithmetic<float>(kind)))
            : Tensor.FromIntegers(type, Zip(left.Integers, right.Integers, Arithmetic<long>(kind)));
    }

    private static Func<T, T, T> Arithmetic<T>(BinaryKind kind)
        where T : System.Numerics.INumber<T> => kind switch
        {
            BinaryKind.Add => (a, b) => checked(a + b),
            BinaryKind.Sub => (a, b) => checked(a - b),
            BinaryKind.Mul => (a, b) => checked(a * b),
            BinaryKind.Div => (a, b) => a / b,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    private static Tensor Join(IReadOnlyList<Tensor> inputs, int axis, TensorType type) => type.IsFloat
        ? Tensor.FromFloats(type, Blocks.Concat([.. inputs.Select(t => t.Floats.ToArray())], Blocks.Outer(type.Shape, axis)))
        : Tensor.FromIntegers(type, Blocks.Concat([.. inputs.Select(t => t.Integers.ToArray())], Blocks.Outer(type.Shape, axis)));

    private static Tensor Select(Tensor tensor, ReadOnlySpan<long> indices, int axis, TensorType type)
    {
        int[] positions = Blocks.Positions(indices, tensor.Shape[axis]);
        int outer = Blocks.Outer(tensor.Shape, axis);
        return type.IsFloat
            ? Tensor.FromFloats(type, Blocks.Gather(tensor.Floats, outer, tensor.Shape[axis], positions))
            : Tensor.FromIntegers(type, Blocks.Gather(tensor.Integers, outer, tensor.Shape[axis], positions));
    }

    private static Tensor Strided(Tensor tensor, Shape shape, int start, int[] strides) => tensor.Type.IsFloat
        ? Tensor.FromFloats(tensor.Type.WithShape(shape), Blocks.Strided(tensor.Floats, shape, start, strides))
        : Tensor.FromIntegers(tensor.Type.WithShape(shape), Blocks.Strided(tensor.Integers, shape, start, strides));

    private static TResult[] Map<T, TResult>(ReadOnlySpan<T> source, Func<T, TResult> map)
    {
        TResult[] result = new TResult[source.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = map(source[i]);
        return result;
    }

    private static T[] Zip<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Func<T, T, T> combine)
    {
        T[] result = new T[left.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = combine(left[i], right[i]);
        return result;
    }
}
