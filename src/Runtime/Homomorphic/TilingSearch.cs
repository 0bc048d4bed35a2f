using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Finds the tiling with the least traffic. More input channels in a ciphertext mean fewer request ciphertexts and, as
/// the channels of input and output share the N coefficients, more response ciphertexts.
/// </summary>
internal static class TilingSearch
{
    /// <summary>What a product of polynomials weighs in bytes, per residue: about 1 KB at N = 4096 with three primes.</summary>
    private const double ProductWeight = 1.0 / 12;

    /// <summary>
    /// The best tiling whose products the settings' flood hides, or null where what one output reads of a channel does not
    /// fit a polynomial. The outcome depends on public sizes only.
    /// </summary>
    public static ConvolutionTiling? Best(ConvolutionGeometry geometry, RlweSettings settings, ResponsePrecision precision)
    {
        var view = new PolyphaseView(geometry);
        var channelLimit = ChannelLimit(geometry, settings);
        ConvolutionTiling? best = null;
        foreach (var rows in EvenParts(geometry.OutputHeight))
        {
            foreach (var columns in EvenParts(geometry.OutputWidth))
            {
                var area = (long)(rows + view.ExtentHeight - 1) * (columns + view.ExtentWidth - 1);
                if (area > settings.Degree)
                    continue;
                var blocks = (int)(settings.Degree / area);
                foreach (var inputChannels in EvenParts(view.Channels))
                {
                    if (inputChannels > blocks)
                        continue;
                    var outputChannels = Math.Min(channelLimit, blocks / inputChannels);
                    outputChannels = CeilingDivide(geometry.OutputChannels, CeilingDivide(geometry.OutputChannels, outputChannels));
                    var tiling = new ConvolutionTiling(rows, columns, inputChannels, outputChannels, 0);
                    var cost = Cost(geometry, view, settings, precision, tiling);
                    if (best is null || cost < best.Value.Cost)
                        best = tiling with { Cost = cost };
                }
            }
        }

        return best;
    }

    internal static int CeilingDivide(int value, int divisor) => (value + divisor - 1) / divisor;

    /// <summary>The request ciphertexts whose channels share a group with those of a response ciphertext.</summary>
    internal static TileRange InputsOf(ConvolutionGeometry geometry, PolyphaseView view, ConvolutionTiling tiling, int output)
    {
        var firstGroup = output * tiling.OutputChannels / geometry.OutputChannelsPerGroup;
        var lastOutput = Math.Min((output + 1) * tiling.OutputChannels, geometry.OutputChannels) - 1;
        var lastGroup = lastOutput / geometry.OutputChannelsPerGroup;
        var first = firstGroup * view.ChannelsPerGroup / tiling.InputChannels;
        var last = (((lastGroup + 1) * view.ChannelsPerGroup) - 1) / tiling.InputChannels;
        return new TileRange(first, last - first + 1);
    }

    private static double Cost(
        ConvolutionGeometry geometry, PolyphaseView view, RlweSettings settings, ResponsePrecision precision, ConvolutionTiling tiling)
    {
        var patches = (double)geometry.Batch
            * CeilingDivide(geometry.OutputHeight, tiling.Rows) * CeilingDivide(geometry.OutputWidth, tiling.Columns);
        var requests = CeilingDivide(view.Channels, tiling.InputChannels);
        var responses = CeilingDivide(geometry.OutputChannels, tiling.OutputChannels);
        var residues = (double)settings.Degree * settings.PrimeCount;
        var perPatch = (requests * residues * NttPrimes.Bits / 8)
            + (responses * (double)settings.Degree * precision.UniformBits / 8)
            + (CountProducts(geometry, view, tiling, requests, responses) * residues * ProductWeight);
        return (patches * perPatch) + ((double)geometry.OutputCount * precision.BodyBits / 8);
    }

    private static double CountProducts(
        ConvolutionGeometry geometry, PolyphaseView view, ConvolutionTiling tiling, int requests, int responses)
    {
        if (geometry.Groups == 1)
            return (double)requests * responses;
        double products = 0;
        for (var output = 0; output < responses; output++)
            products += InputsOf(geometry, view, tiling, output).Count;
        return products;
    }

    /// <summary>The most output channels in one polynomial whose noise the flood still hides.</summary>
    private static int ChannelLimit(ConvolutionGeometry geometry, RlweSettings settings)
    {
        var (low, high) = (1, Math.Min(geometry.OutputChannels, settings.Degree));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (NoiseBudget.RequiredFloodBits(geometry, settings.Degree, settings.WeightNormBits, middle) <= settings.FloodBits)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>The distinct sizes of the largest part when a whole is cut evenly, largest first.</summary>
    private static IEnumerable<int> EvenParts(int whole)
    {
        var last = 0;
        for (var parts = 1; parts <= whole; parts++)
        {
            var size = CeilingDivide(whole, parts);
            if (size == last)
                continue;
            last = size;
            yield return size;
        }
    }
}
