namespace PrivateInference.Passes.Numerics;

/// <summary>Linear least squares by normal equations, for the small systems of calibration.</summary>
internal static class LeastSquares
{
    /// <summary>The lower factor L of a symmetric positive definite matrix A = L·Lᵀ.</summary>
    /// <exception cref="PassException">The matrix is not positive definite: the samples do not determine the unknowns.</exception>
    public static double[,] Cholesky(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] factor = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                    sum -= factor[i, k] * factor[j, k];
                if (j < i)
                    factor[i, j] = sum / factor[j, j];
                else if (sum > 0)
                    factor[i, i] = Math.Sqrt(sum);
                else
                    throw new PassException("The samples do not determine what is fitted to them: give more, and more varied ones.");
            }
        }

        return factor;
    }

    /// <summary>x with L·x = b.</summary>
    public static double[] SolveLower(double[,] factor, ReadOnlySpan<double> b)
    {
        double[] x = b.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            for (int k = 0; k < i; k++)
                x[i] -= factor[i, k] * x[k];
            x[i] /= factor[i, i];
        }

        return x;
    }

    /// <summary>x with A·x = b for a symmetric positive definite matrix A.</summary>
    /// <exception cref="PassException">The matrix is not positive definite.</exception>
    public static double[] Solve(double[,] matrix, ReadOnlySpan<double> b)
    {
        double[,] factor = Cholesky(matrix);
        double[] x = SolveLower(factor, b);
        for (int i = x.Length - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < x.Length; k++)
                x[i] -= factor[k, i] * x[k];
            x[i] /= factor[i, i];
        }

        return x;
    }

    /// <summary>
    /// v that minimises Σ w_i·(v·x_i − y_i)² + λ·‖v‖². Where there are fewer rows than unknowns it solves the dual system,
    /// which has one unknown a row.
    /// </summary>
    /// <param name="rows">x_i, all of one length.</param>
    /// <param name="targets">y_i.</param>
    /// <param name="weights">w_i, non-negative.</param>
    /// <param name="ridge">λ, as a part of the mean diagonal element of the normal equations; positive.</param>
    public static double[] Ridge(double[][] rows, ReadOnlySpan<double> targets, ReadOnlySpan<double> weights, double ridge)
    {
        int unknowns = rows[0].Length;
        double[][] scaled = new double[rows.Length][];
        double[] y = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            double root = Math.Sqrt(weights[i]);
            scaled[i] = Array.ConvertAll(rows[i], x => root * x);
            y[i] = root * targets[i];
        }

        double lambda = Math.Max(double.Epsilon, ridge * scaled.Sum(r => Dot(r, r)) / unknowns);
        if (rows.Length >= unknowns)
            return Solve(Regularized(Gram(scaled, unknowns), lambda), Combine(scaled, y, unknowns));
        double[] dual = Solve(Regularized(Kernel(scaled), lambda), y);
        return Combine(scaled, dual, unknowns);
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Xᵀ·X</summary>
    private static double[,] Gram(double[][] rows, int unknowns)
    {
        double[,] gram = new double[unknowns, unknowns];
        foreach (double[] row in rows)
        {
            for (int i = 0; i < unknowns; i++)
            {
                for (int j = 0; j <= i; j++)
                    gram[i, j] += row[i] * row[j];
            }
        }

        return gram;
    }

    /// <summary>X·Xᵀ</summary>
    private static double[,] Kernel(double[][] rows)
    {
        double[,] kernel = new double[rows.Length, rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j <= i; j++)
                kernel[i, j] = Dot(rows[i], rows[j]);
        }

        return kernel;
    }

    private static double[,] Regularized(double[,] matrix, double lambda)
    {
        for (int i = 0; i < matrix.GetLength(0); i++)
            matrix[i, i] += lambda;
        return matrix;
    }

    /// <summary>Σ c_i·x_i</summary>
    private static double[] Combine(double[][] rows, double[] coefficients, int unknowns)
    {
        double[] sum = new double[unknowns];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < unknowns; j++)
                sum[j] += coefficients[i] * rows[i][j];
        }

        return sum;
    }
}
