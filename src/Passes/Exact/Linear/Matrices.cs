namespace PrivateInference.Passes.Exact.Linear;

/// <summary>Matrix products of weights, row-major, summed in double precision.</summary>
internal static class Matrices
{
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
