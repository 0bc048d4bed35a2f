using System.Collections.Immutable;
using System.Security.Cryptography;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Homomorphic;

public sealed class WeightCacheTests : IDisposable
{
    private static readonly byte[] s_model = SHA256.HashData("a model"u8);
    private static readonly ImmutableArray<LayerWeights> s_layers = [Layer(3, 9), Layer(1, 16)];

    private readonly string _folder = Directory.CreateTempSubdirectory("weight-cache-tests-").FullName;
    private readonly List<string> _warnings = [];

    private string Path => System.IO.Path.Combine(_folder, "model.weights.cache");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_cache_holds_what_the_process_would_and_is_used_again_without_a_warning()
    {
        RequireWeights(s_model, s_layers);
        var written = File.GetLastWriteTimeUtc(Path);
        File.SetLastWriteTimeUtc(Path, written.AddDays(-1));
        RequireWeights(s_model, s_layers);
        Assert.Equal(written.AddDays(-1), File.GetLastWriteTimeUtc(Path));
        Assert.Empty(_warnings);
        Assert.Equal(Path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void Products_with_mapped_weights_are_exact()
    {
        using var kept = KeptWeights.Cached(Path, s_model, s_layers, _warnings.Add);
        for (var i = 0; i < s_layers.Length; i++)
        {
            var packing = s_layers[i].Packing;
            var mask = LayerHarness.RandomRing(packing.Geometry.InputCount, packing.RingBits);
            var serverMask = LayerHarness.RandomRing(packing.Geometry.OutputCount, packing.RingBits);
            var share = LayerHarness.Run(new PreparedWeights(s_layers[i], kept.Of(i)), mask, serverMask);
            Assert.Equal(LayerHarness.Expected(packing.Geometry, packing.RingBits, s_layers[i].Integers.ToArray(), mask, serverMask), share);
        }
    }

    [SkippableFact]
    public void Only_the_owner_may_read_it()
    {
        Skip.If(OperatingSystem.IsWindows());
        RequireWeights(s_model, s_layers);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(4096)]
    [InlineData(-1)]
    public void A_damaged_byte_is_noticed_and_the_cache_written_anew(int position)
    {
        RequireWeights(s_model, s_layers);
        var bytes = File.ReadAllBytes(Path);
        bytes[position < 0 ? ^1 : position] ^= 1;
        File.WriteAllBytes(Path, bytes);
        RequireWeights(s_model, s_layers);
        Assert.Contains("it is written anew", Assert.Single(_warnings), StringComparison.Ordinal);
        RequireWeights(s_model, s_layers);
        Assert.Single(_warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5000)]
    public void A_truncated_cache_is_noticed(int length)
    {
        RequireWeights(s_model, s_layers);
        using (var file = File.OpenWrite(Path))
            file.SetLength(length);
        RequireWeights(s_model, s_layers);
        Assert.Contains("another length", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_of_another_model_or_of_other_layers_is_not_used()
    {
        RequireWeights(s_model, s_layers);
        RequireWeights(SHA256.HashData("another model"u8), s_layers);
        Assert.Contains("not a cache of this model's weights", Assert.Single(_warnings), StringComparison.Ordinal);
        RequireWeights(SHA256.HashData("another model"u8), [s_layers[1]]);
        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public void Where_no_file_can_be_written_the_process_keeps_the_weights()
    {
        var path = System.IO.Path.Combine(_folder, "missing", "cache");
        using var kept = KeptWeights.Cached(path, s_model, s_layers, _warnings.Add);
        Assert.Equal(PreparedWeights.Transform(s_layers[0]), kept.Of(0).ToArray());
        Assert.Contains("not cached", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Transformed_weights_of_another_layer_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PreparedWeights(s_layers[0], PreparedWeights.Transform(s_layers[1])));
        Assert.Throws<ArgumentException>(() => new PreparedWeights(s_layers[0], ReadOnlyMemory<double>.Empty));
    }

    private void RequireWeights(byte[] model, ImmutableArray<LayerWeights> layers)
    {
        using var kept = KeptWeights.Cached(Path, model, layers, _warnings.Add);
        for (var i = 0; i < layers.Length; i++)
            Assert.Equal(PreparedWeights.Transform(layers[i]), kept.Of(i).ToArray());
    }

    private static LayerWeights Layer(int kernel, int size)
    {
        ConvolutionGeometry geometry = new()
        {
            InputChannels = 5, InputHeight = size, InputWidth = size, OutputChannels = 6, KernelHeight = kernel, KernelWidth = kernel,
        };
        var (weights, normBits) = LayerHarness.RandomWeights(geometry, 8);
        return new LayerWeights(ConvolutionPacking.For(geometry, NoiseBudget.Choose(geometry, 37, normBits), 37), weights);
    }
}
