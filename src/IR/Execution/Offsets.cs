namespace PrivateInference.IR.Execution;

/// <summary>Tables of flat offsets, so that kernels of any spatial rank are loops over two tables.</summary>
internal static class Offsets
{
    /// <summary>Σ i_d·strides[d] for every index i within <paramref name="sizes"/>, in row-major order.</summary>
    public static int[] Table(ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides)
    {
        int[] table = [0];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            int[] next = new int[checked(table.Length * sizes[axis])];
            for (int i = 0; i < next.Length; i++)
                next[i] = table[i / sizes[axis]] + (i % sizes[axis] * strides[axis]);
            table = next;
        }

        return table;
    }
}
