using System.Collections.Immutable;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Which layers' transformed weights a server keeps in a given memory: those first that are used most often in an inference,
/// once for each patch, and of those the smaller.
/// </summary>
internal static class WeightMemory
{
    /// <summary>256 MB for all layers of a model. More saves little: making a factor costs about as much as reading it from memory.</summary>
    public const long DefaultBytes = 256L << 20;

    /// <summary>Says of each layer, by its packing, whether its weights are kept.</summary>
    public static ImmutableArray<bool> Choose(IReadOnlyList<ConvolutionPacking> layers, long bytes)
    {
        var kept = new bool[layers.Count];
        long[] sizes = [.. layers.Select(PreparedWeights.BytesOf)];
        foreach (var layer in Enumerable.Range(0, layers.Count).OrderByDescending(i => layers[i].Patches).ThenBy(i => sizes[i]))
        {
            if (sizes[layer] > bytes || sizes[layer] / sizeof(double) > Array.MaxLength)
                continue;
            kept[layer] = true;
            bytes -= sizes[layer];
        }

        return [.. kept];
    }
}
