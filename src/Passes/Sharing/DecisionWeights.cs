using PrivateInference.Passes.Numerics;

namespace PrivateInference.Passes.Sharing;

/// <summary>
/// Fits the weights v by which a group of activations x decides together, ReLU(x_p) ≈ x_p·[vᵀx ≥ 0]. Helbitz and Avidan
/// train v with the network; this is its closed form for a trained one. Passing the group costs Σ x² over its negative
/// members and zeroing it Σ x² over the others, so the best decision is the sign of t = Σ x·|x| and a wrong one costs |t|:
/// v is the least squares fit of sign(t), weighted by |t|, held to the group's mean where samples say little.
/// </summary>
internal static class DecisionWeights
{
    /// <summary>How strongly the weights are held to the mean, as a part of the mean square of a member.</summary>
    private const double Ridge = 0.3;

    /// <param name="groups">The members' values, one row a sample, all of one length.</param>
    /// <returns>One weight a member; their absolute values add up to 1.</returns>
    public static double[] Fit(double[][] groups)
    {
        int members = groups[0].Length;
        double[] means = Array.ConvertAll(groups, g => g.Average());
        double[] votes = Array.ConvertAll(groups, g => g.Sum(x => x * Math.Abs(x)));
        double[] costs = Array.ConvertAll(votes, Math.Abs);
        double mean = Slope(means, votes, costs);
        double[] residuals = [.. votes.Zip(means, (t, m) => Math.Sign(t) - (mean * m))];
        double[] change = costs.Any(c => c > 0) ? LeastSquares.Ridge(groups, residuals, costs, Ridge) : new double[members];
        return Normalized(Array.ConvertAll(change, c => c + (mean / members)));
    }

    /// <summary>The positive β with the least Σ c·(β·m − sign(t))².</summary>
    private static double Slope(double[] means, double[] votes, double[] costs)
    {
        double product = 0, square = 0;
        for (int i = 0; i < means.Length; i++)
        {
            product += costs[i] * means[i] * Math.Sign(votes[i]);
            square += costs[i] * means[i] * means[i];
        }

        return product > 0 ? product / square : 1;
    }

    /// <summary>A sign does not depend on the scale; this one keeps the deciding value within the members' range.</summary>
    private static double[] Normalized(double[] weights)
    {
        double sum = weights.Sum(Math.Abs);
        return sum > 0 ? Array.ConvertAll(weights, w => w / sum) : Array.ConvertAll(weights, _ => 1.0 / weights.Length);
    }
}
