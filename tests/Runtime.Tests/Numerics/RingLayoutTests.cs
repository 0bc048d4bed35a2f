using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class RingLayoutTests
{
    private static readonly ulong[] s_matrix = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Transposing_permutes_axes()
    {
        ulong[] output = new ulong[6];
        RingLayout.Transpose([2, 3], [1, 0], s_matrix, output);
        Assert.Equal([1UL, 4, 2, 5, 3, 6], output);
        RingLayout.Transpose([1, 2, 3], [2, 0, 1], s_matrix, output);
        Assert.Equal([1UL, 4, 2, 5, 3, 6], output);
    }

    [Fact]
    public void Slices_may_stride_and_run_backwards()
    {
        ulong[] output = new ulong[4];
        RingLayout.Slice([2, 3], [1, 0], [-1, 2], [2, 2], s_matrix, output);
        Assert.Equal([4UL, 6, 1, 3], output);
    }

    [Fact]
    public void Padding_surrounds_the_input()
    {
        ulong[] output = new ulong[12];
        RingLayout.Pad([2, 3], [1, 0, 0, 1], [3, 4], 9, s_matrix, output);
        Assert.Equal([9UL, 9, 9, 9, 1, 2, 3, 9, 4, 5, 6, 9], output);
    }

    [Fact]
    public void Concatenated_operands_are_shifted_into_place()
    {
        ulong[] output = new ulong[8];
        int next = RingLayout.ConcatOperand([2, 3], 1, 0, 1, [2, 4], s_matrix, output);
        next = RingLayout.ConcatOperand([2, 1], 1, next, 0, [2, 4], [7, 8], output);
        Assert.Equal(4, next);
        Assert.Equal([2UL, 4, 6, 7, 8, 10, 12, 8], output);
    }

    [Fact]
    public void A_scalar_has_one_element()
    {
        ulong[] output = new ulong[1];
        RingLayout.Transpose([], [], [5], output);
        Assert.Equal(5UL, output[0]);
    }
}
