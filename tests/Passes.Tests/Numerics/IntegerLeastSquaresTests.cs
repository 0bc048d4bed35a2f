using PrivateInference.IR.Operations;
using PrivateInference.Passes.Polynomials;

namespace PrivateInference.Passes.Tests.Numerics;

public sealed class IntegerLeastSquaresTests
{
    /// <summary>PILLAR's coefficients of ReLU on [−5, 5], from its public repository.</summary>
    [Theory]
    [InlineData(10, new[] { 322, 512, 160, 0, -3 })]
    [InlineData(8, new[] { 70, 128, 45, 0, -1 })]
    public void The_quantisation_aware_fit_of_relu_is_the_published_one(int bits, int[] expected)
        => Assert.Equal(expected, ActivationPoints.On(new FitRange(-5, 5), new Relu(), 4).FitIntegers(bits));

    [Fact]
    public void The_real_fit_of_relu_is_the_published_one()
    {
        double[] coefficients = ActivationPoints.On(new FitRange(-5, 5), new Relu(), 4).Fit();

        double[] expected = [0.292998, 0.5, 0.164046, 0, -0.00328027];
        Assert.All(coefficients.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Fact]
    public void No_other_integers_within_the_bound_fit_better()
    {
        Random random = new(11);
        for (int round = 0; round < 40; round++)
        {
            PolynomialMoments moments = new(2);
            for (int i = 0; i < 20; i++)
                moments.Add((random.NextDouble() * 4) - 2, (random.NextDouble() * 3) - 1.5);

            int[] found = moments.FitIntegers(3);

            double least = double.PositiveInfinity;
            for (int a = -4; a <= 4; a++)
            {
                for (int b = -4; b <= 4; b++)
                {
                    for (int c = -4; c <= 4; c++)
                        least = Math.Min(least, moments.RootMeanSquareError([a / 8.0, b / 8.0, c / 8.0]));
                }
            }

            Assert.Equal(least, moments.RootMeanSquareError(Array.ConvertAll(found, c => c / 8.0)), 1e-9);
        }
    }
}
