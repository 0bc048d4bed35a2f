using System.Collections.Immutable;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>The transformed weights that a server keeps, of some layers: in memory of the process, or in a mapped file.</summary>
internal sealed class KeptWeights : IDisposable
{
    private readonly ImmutableArray<ReadOnlyMemory<double>> _layers;
    private readonly WeightCache? _cache;

    private KeptWeights(ImmutableArray<ReadOnlyMemory<double>> layers, WeightCache? cache) => (_layers, _cache) = (layers, cache);

    /// <summary>Transforms them.</summary>
    public static KeptWeights Transform(ImmutableArray<LayerWeights> layers)
        => new([.. layers.Select(layer => (ReadOnlyMemory<double>)PreparedWeights.Transform(layer))], null);

    /// <summary>Takes them from a file, which is written where it lacks them; from memory, if that fails.</summary>
    /// <param name="path">The file's name.</param>
    /// <param name="model">Hash of the plan and the weights.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="warn">Gets why a file was not used.</param>
    public static KeptWeights Cached(string path, ReadOnlySpan<byte> model, ImmutableArray<LayerWeights> layers, Action<string> warn)
    {
        if (layers.IsEmpty)
            return Transform(layers);
        try
        {
            var cache = WeightCache.OpenOrWrite(path, model, layers, warn);
            return new([.. layers.Select((_, i) => cache.Of(i))], cache);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"Transformed weights are not cached: {e.Message}");
            return Transform(layers);
        }
    }

    /// <summary>Of a layer, by its place in the list.</summary>
    public ReadOnlyMemory<double> Of(int layer) => _layers[layer];

    public void Dispose() => _cache?.Dispose();
}
