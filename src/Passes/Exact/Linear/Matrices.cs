namespace PrivateInference.Passes.Exact.Linear;

/// <summary>Matrix products of weights, row-major, summed in double precision.</summary>
internal static class Matrices
{
    /// <summary>The most multiplications that a merged weight may take: some seconds.</summary>
    private const double MaxWork = 1L << 32;

    /// <summary>Whether a product is worth its time: two layers of thousands of channels each stay two.</summary>
    public static bool IsAffordable(long rows, long inner, long columns) => (double)rows * inner * columns <= MaxWork;

    /// <summary>a[rows, inner] · b[inner, columns].</summary>
    public static double[] Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int rows, int inner, int columns)
    {
        double[] product = new double[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            Span<double> sums = product.AsSpan(row * columns, columns);
            for (int k = 0; k < inner; k++)
            {
                double factor = a[(row * inner) + k];
                ReadOnlySpan<float> terms = b.Slice(k * columns, columns);
                for (int column = 0; column < columns; column++)
                    sums[column] += factor * terms[column];
            }
        }

        return product;
    }
}
