using System.Collections.Immutable;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// A network of CryptoNAS's search space (Ghodsi et al. 2020, section 3, "CryptoNAS Search Space"; the macro search of
/// ENAS): a core of convolutions whose resolution is halved after one third and after two thirds of the layers, and skips.
/// </summary>
/// <param name="FirstChannels">C_1, channels of the first third of the layers.</param>
/// <param name="ChannelFactor">
/// β, by which channels grow where the resolution is halved: 4 keeps the ReLUs of a layer constant (Lemma 3.1), 2 its
/// multiplications, 1 its channels.
/// </param>
/// <param name="Filters">F_i, the filter size of each layer; as many as the network is deep.</param>
/// <param name="Skips">S_i: for each layer, the earlier layers whose results it takes as well, counted from 0.</param>
public sealed record CNetDescription(
    int FirstChannels, int ChannelFactor, ImmutableArray<int> Filters, ImmutableArray<ImmutableArray<int>> Skips)
{
    /// <summary>How likely ENAS wants a skip to be (Pham et al. 2018, appendix).</summary>
    private const int SkipPercent = 40;

    /// <summary>D, the number of core convolutions.</summary>
    public int Depth => Filters.Length;

    /// <summary>The resolution of a layer by that of the image: 0 for the same, 1 for half, 2 for a quarter.</summary>
    public int Halvings(int layer) => Math.Min(2, 3 * layer / Depth);

    /// <summary>Random filters of 3 or 5 and random skips. The choice depends on depth and seed alone.</summary>
    public static CNetDescription Random(int depth, int firstChannels, int channelFactor, ulong seed)
    {
        ulong state = new WeightInitializer(seed).Stream($"cnet-{depth}");
        ImmutableArray<int> filters = [.. Enumerable.Range(0, depth).Select(_ => Below(2, ref state) == 0 ? 3 : 5)];
        ImmutableArray<ImmutableArray<int>>.Builder skips = ImmutableArray.CreateBuilder<ImmutableArray<int>>(depth);
        for (int layer = 0; layer < depth; layer++)
            skips.Add([.. Enumerable.Range(0, layer).Where(_ => Below(100, ref state) < SkipPercent)]);
        return new CNetDescription(firstChannels, channelFactor, filters, skips.ToImmutable());

        static int Below(int bound, ref ulong state) => (int)(WeightInitializer.Next(ref state) % (uint)bound);
    }

    /// <summary>
    /// The balanced network of Algorithm 1: the most channels with which the ReLUs of the core stay within a budget,
    /// C_1 = budget / (D·H_0²), and four times as many after each halving.
    /// </summary>
    /// <exception cref="PassException">The budget is less than one channel needs.</exception>
    public static CNetDescription Balanced(int depth, long budget, int inputSize, ulong seed)
    {
        long perChannel = (long)depth * inputSize * inputSize, channels = budget / perChannel;
        return channels is >= 1 and <= int.MaxValue
            ? Random(depth, (int)channels, 4, seed)
            : throw new PassException($"{depth} layers on {inputSize}×{inputSize} pixels need at least {perChannel} ReLUs; the budget is {budget}.");
    }
}
