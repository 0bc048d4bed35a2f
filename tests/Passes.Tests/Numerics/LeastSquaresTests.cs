using PrivateInference.Passes.Numerics;

namespace PrivateInference.Passes.Tests.Numerics;

public sealed class LeastSquaresTests
{
    [Fact]
    public void A_solution_solves_the_system()
    {
        double[,] matrix = { { 4, 2, 0.5 }, { 2, 5, 1 }, { 0.5, 1, 3 } };

        double[] x = LeastSquares.Solve(matrix, [1, -2, 3]);

        for (int i = 0; i < 3; i++)
            Assert.Equal(new double[] { 1, -2, 3 }[i], Enumerable.Range(0, 3).Sum(j => matrix[i, j] * x[j]), 1e-12);
    }

    [Fact]
    public void A_singular_system_asks_for_more_samples()
        => Assert.Contains(
            "more", Assert.Throws<PassException>(() => LeastSquares.Cholesky(new double[,] { { 1, 1 }, { 1, 1 } })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(3, 8)]
    [InlineData(8, 3)]
    [InlineData(5, 5)]
    public void A_ridge_fit_has_no_gradient(int rowCount, int unknowns)
    {
        Random random = new(5);
        double[][] rows = [.. Enumerable.Range(0, rowCount).Select(_ => Numbers(unknowns))];
        double[] targets = Numbers(rowCount), weights = Array.ConvertAll(Numbers(rowCount), Math.Abs);
        const double Ridge = 0.1;

        double[] v = LeastSquares.Ridge(rows, targets, weights, Ridge);

        double lambda = Ridge * rows.Zip(weights, (r, w) => w * LeastSquares.Dot(r, r)).Sum() / unknowns;
        for (int j = 0; j < unknowns; j++)
        {
            double gradient = lambda * v[j];
            for (int i = 0; i < rowCount; i++)
                gradient += weights[i] * (LeastSquares.Dot(rows[i], v) - targets[i]) * rows[i][j];
            Assert.Equal(0, gradient, 1e-9);
        }

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
    }
}
