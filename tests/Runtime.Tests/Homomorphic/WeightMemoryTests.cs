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
        Assert.Equal((1, 0), (packing.Layout.Parts, packing.Layout.Repetition % 32));
        Assert.Equal(packing.Parameters.Degree, packing.WeightLength * packing.Layout.Repetition);
    }

    [Theory]
    [InlineData(1, 1, 14, 14)]
    [InlineData(3, 3, 14, 16)]
    [InlineData(3, 3, 9, 11)]
    [InlineData(5, 1, 20, 20)]
    [InlineData(1, 5, 20, 20)]
    [InlineData(1, 1, 1, 1)]
    public void Rows_and_blocks_are_multiples_of_r_and_fit(int kernelHeight, int kernelWidth, int height, int width)
    {
        PolyphaseView view = new(new()
        {
            InputChannels = 1, InputHeight = height, InputWidth = width, OutputChannels = 1, KernelHeight = kernelHeight, KernelWidth = kernelWidth,
        });
        for (var room = height * width; room < 4 * height * width; room++)
        {
            var layout = WeightLayout.Best(height, width, view, room);
            Assert.InRange(layout.RowPitch, width, int.MaxValue);
            Assert.InRange(layout.BlockSize, ((height - 1) * layout.RowPitch) + width, room);
            Assert.Equal(0, layout.BlockSize % layout.Repetition);
            Assert.True(kernelHeight == 1 || layout.RowPitch % layout.Repetition == 0);
            Assert.Equal(layout.Repetition > 1 ? kernelWidth : 1, layout.Parts);
        }
    }

    private static ConvolutionPacking Packing(int size) => Packing(new ConvolutionGeometry
    {
        InputChannels = 2, InputHeight = size, InputWidth = size, OutputChannels = 2, KernelHeight = 3, KernelWidth = 3,
    });

    private static ConvolutionPacking Packing(ConvolutionGeometry geometry) =>
        ConvolutionPacking.For(geometry, NoiseBudget.Choose(geometry, 37, 10), 37);
}
