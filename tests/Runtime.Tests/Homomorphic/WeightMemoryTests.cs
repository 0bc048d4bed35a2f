using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Homomorphic;

public sealed class WeightMemoryTests
{
    private static readonly ConvolutionPacking s_onePatch = Packing(16);
    private static readonly ConvolutionPacking s_manyPatches = Packing(200);

    [Fact]
    public void Layers_of_many_patches_come_first_and_no_more_than_the_memory_is_taken()
    {
        var (one, many) = (PreparedWeights.BytesOf(s_onePatch), PreparedWeights.BytesOf(s_manyPatches));
        Assert.True(s_manyPatches.Patches > s_onePatch.Patches);
        ConvolutionPacking[] layers = [s_onePatch, s_manyPatches];
        List<bool> Choose(long bytes) => [.. WeightMemory.Choose(layers, bytes)];
        Assert.Equal([true, true], Choose(one + many));
        Assert.Equal([false, true], Choose(one + many - 1));
        Assert.Equal([one < many, false], Choose(many - 1));
        Assert.Equal([false, false], Choose(0));
    }

    [Fact]
    public void Kernels_of_one_tap_take_a_fraction_of_the_memory()
    {
        var packing = Packing(new ConvolutionGeometry { InputChannels = 64, InputHeight = 28, InputWidth = 28, OutputChannels = 64 });
        Assert.Equal(0, packing.Repetition % 32);
        Assert.Equal(packing.Parameters.Degree, packing.WeightLength * packing.Repetition);
        Assert.Equal(1, s_onePatch.Repetition);
    }

    private static ConvolutionPacking Packing(int size) => Packing(new ConvolutionGeometry
    {
        InputChannels = 2, InputHeight = size, InputWidth = size, OutputChannels = 2, KernelHeight = 3, KernelWidth = 3,
    });

    private static ConvolutionPacking Packing(ConvolutionGeometry geometry) =>
        ConvolutionPacking.For(geometry, NoiseBudget.Choose(geometry, 37, 10), 37);
}
