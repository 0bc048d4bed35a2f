using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class MatMulTests
{
    public static TheoryData<int[], int[], int[]> Shapes => new()
    {
        { [2, 3], [3, 4], [2, 4] },
        { [3], [3, 4], [4] },
        { [2, 3], [3], [2] },
        { [3], [3], [] },
        { [5, 2, 3], [3, 4], [5, 2, 4] },
        { [2, 1, 2, 3], [4, 3, 5], [2, 4, 2, 5] },
        { [3], [2, 3, 4], [2, 4] },
        { [0, 3], [3, 4], [0, 4] },
        { [2, 0], [0, 4], [2, 4] },
        { [1, 128], [128, 40], [1, 40] },
        { [9, 33], [33, 50], [9, 50] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_product_follows_NumPy(int[] a, int[] b, int[] expected)
    {
        Random random = new(1);
        Tensor left = TestTensors.Random(random, a), right = TestTensors.Random(random, b);

        Tensor result = FloatInterpreter.Evaluate(new MatMul(), [left, right]);

        Assert.Equal(new Shape(expected), result.Shape);
        Assert.Equal(Reference(left, right), result.Floats.ToArray());
    }

    [Fact]
    public void Integers_multiply_exactly()
        => Assert.Equal(
            [(1L << 40) + 6, 1L << 41],
            FloatInterpreter.Evaluate(new MatMul(), [I([1, 2], 1L << 40, 2), I([2, 2], 1, 2, 3, 0)]).Integers.ToArray());

    /// <summary>By the definition, one element at a time, with vectors made matrices.</summary>
    private static float[] Reference(Tensor a, Tensor b)
    {
        Tensor left = a.Shape.Rank == 1 ? a.Reshape(new Shape([1, a.Shape[0]])) : a;
        Tensor right = b.Shape.Rank == 1 ? b.Reshape(new Shape([b.Shape[0], 1])) : b;
        int[] leadingA = [.. left.Shape.Dimensions.SkipLast(2)], leadingB = [.. right.Shape.Dimensions.SkipLast(2)];
        int[] leading = [.. Shape.Broadcast(new Shape(leadingA), new Shape(leadingB)).Dimensions];
        List<float> result = [];
        foreach (int[] o in Positions.Of([.. leading, left.Shape[left.Shape.Rank - 2], right.Shape[right.Shape.Rank - 1]]))
        {
            float sum = 0;
            for (int k = 0; k < left.Shape[left.Shape.Rank - 1]; k++)
                sum = MathF.FusedMultiplyAdd(Element(left, o, o[^2], k), Element(right, o, k, o[^1]), sum);
            result.Add(sum);
        }

        return [.. result];
    }

    private static float Element(Tensor matrix, int[] output, int row, int column)
    {
        int leading = matrix.Shape.Rank - 2;
        int[] batch = [.. output.SkipLast(2).TakeLast(leading).Select((i, axis) => matrix.Shape[axis] == 1 ? 0 : i)];
        return Positions.At(matrix, [.. batch, row, column])!.Value;
    }
}
