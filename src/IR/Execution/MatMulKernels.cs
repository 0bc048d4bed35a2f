namespace PrivateInference.IR.Execution;

/// <summary>Matrix products with NumPy semantics: leading axes broadcast, vectors count as a row or a column.</summary>
internal static class MatMulKernels
{
    public static Tensor MatMul(Tensor a, Tensor b, TensorType type)
    {
        Shape shapeA = a.Shape, shapeB = b.Shape;
        int inner = shapeA[shapeA.Rank - 1];
        int rows = shapeA.Rank > 1 ? shapeA[shapeA.Rank - 2] : 1;
        int columns = shapeB.Rank > 1 ? shapeB[shapeB.Rank - 1] : 1;
        Shape leadingA = Leading(shapeA), leadingB = Leading(shapeB), leading = Shape.Broadcast(leadingA, leadingB);
        int[] startsA = Starts(leadingA, leading, rows * inner), startsB = Starts(leadingB, leading, inner * columns);

        float[] floats = new float[type.IsFloat ? type.Shape.Count : 0];
        long[] integers = new long[type.IsFloat ? 0 : type.Shape.Count];
        for (int i = 0; i < leading.Count; i++)
        {
            int start = i * rows * columns;
            if (type.IsFloat)
                Gemm.Accumulate(a.Floats[startsA[i]..], b.Floats[startsB[i]..], floats.AsSpan(start), rows, inner, columns);
            else
                Multiply(a.Integers[startsA[i]..], b.Integers[startsB[i]..], integers.AsSpan(start), rows, inner, columns);
        }

        return type.IsFloat ? Tensor.FromFloats(type, floats) : Tensor.FromIntegers(type, integers);
    }

    private static void Multiply(ReadOnlySpan<long> a, ReadOnlySpan<long> b, Span<long> c, int rows, int inner, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                for (int k = 0; k < inner; k++)
                    c[(row * columns) + column] += a[(row * inner) + k] * b[(k * columns) + column];
            }
        }
    }

    private static Shape Leading(Shape shape) => new(shape.Rank > 2 ? shape.Dimensions.AsSpan()[..^2] : []);

    /// <summary>Where each matrix of the broadcast batch starts in an operand with its own leading axes.</summary>
    private static int[] Starts(Shape own, Shape batch, int matrixSize)
    {
        int[] strides = own.Strides(), repeated = new int[batch.Rank];
        for (int axis = 0; axis < own.Rank; axis++)
            repeated[batch.Rank - own.Rank + axis] = own[axis] == 1 ? 0 : strides[axis] * matrixSize;
        return Offsets.Table(batch.Dimensions.AsSpan(), repeated);
    }
}
