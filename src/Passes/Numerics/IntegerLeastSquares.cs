namespace PrivateInference.Passes.Numerics;

/// <summary>Least squares over bounded integers.</summary>
internal static class IntegerLeastSquares
{
    /// <summary>
    /// The integers c, |c_k| ≤ bound, that minimise cᵀ·G·c − 2·hᵀ·c. With G = L·Lᵀ and L·u = h that is ‖Lᵀ·c − u‖² up to a
    /// constant, a triangular system: the search sets c from the last to the first, nearest integers first, and leaves
    /// whatever costs more than the best so far (Schnorr and Euchner 1994).
    /// </summary>
    /// <param name="gram">G, symmetric and positive definite.</param>
    /// <param name="moments">h.</param>
    /// <param name="bound">Positive.</param>
    /// <exception cref="PassException">G is not positive definite.</exception>
    public static int[] Solve(double[,] gram, ReadOnlySpan<double> moments, int bound)
    {
        double[,] factor = LeastSquares.Cholesky(gram);
        Search search = new(factor, LeastSquares.SolveLower(factor, moments), bound);
        search.Descend(moments.Length - 1, 0);
        return search.Best;
    }

    private sealed class Search(double[,] factor, double[] target, int bound)
    {
        private readonly int[] _current = new int[target.Length];
        private double _bestCost = double.PositiveInfinity;

        public int[] Best { get; private set; } = [];

        /// <param name="index">The unknown to set; those behind it are.</param>
        /// <param name="cost">What the rows behind it cost.</param>
        public void Descend(int index, double cost)
        {
            if (index < 0)
            {
                (_bestCost, Best) = (cost, [.. _current]);
                return;
            }

            double diagonal = factor[index, index], center = target[index];
            for (int k = index + 1; k < _current.Length; k++)
                center -= factor[k, index] * _current[k];
            center /= diagonal;
            foreach (int candidate in Nearest(center))
            {
                double distance = diagonal * (candidate - center), total = cost + (distance * distance);
                if (total >= _bestCost)
                    return;
                _current[index] = candidate;
                Descend(index - 1, total);
            }
        }

        /// <summary>The integers within the bound, by their distance from a number.</summary>
        private IEnumerable<int> Nearest(double center)
        {
            int above = (int)Math.Clamp(Math.Ceiling(center), -bound, bound + 1.0), below = above - 1;
            while (above <= bound || below >= -bound)
                yield return below < -bound || (above <= bound && above - center < center - below) ? above++ : below--;
        }
    }
}
