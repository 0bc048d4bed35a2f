using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class IndexMapTests
{
    [Fact]
    public void A_map_survives_its_code_whatever_its_indices()
    {
        Random random = new(3);
        for (int trial = 0; trial < 300; trial++)
        {
            int values = random.Next(1, 40), period = random.Next(1, 20);
            int[] indices = [.. Enumerable.Range(0, random.Next(200)).Select(i => trial % 2 == 0 ? random.Next(values) : i / period % values)];
            IndexMap map = IndexMap.Of(indices);
            Assert.Equal(indices.Length, map.Count);
            Assert.Equal(indices, map.Expand());
            Assert.Equal(indices, IndexMap.FromCode(map.Code).Expand());
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(32, 32)]
    public void Maps_of_patches_take_few_numbers(int height, int width)
    {
        (int channels, int size) = (64, 32);
        int rows = (size + height - 1) / height, columns = (size + width - 1) / width;
        int[] indices = [.. Enumerable.Range(0, channels * size * size).Select(i =>
            (i / (size * size) * rows * columns) + (i / size % size / height * columns) + (i % size / width))];
        IndexMap map = IndexMap.Of(indices);
        Assert.Equal(indices, map.Expand());
        Assert.InRange(map.Code.Length, 2, 64);
    }

    [Fact]
    public void A_code_without_meaning_is_refused()
    {
        int[][] codes = [[0], [1, 1], [0, 5, 2, 1], [0, 5, -1, 1], [0, 5, 1, 0], [0, 5, 1, -3], [0, 5, 1, PlanLimits.TensorElements]];
        foreach (int[] code in codes)
            Assert.Throws<PlanFormatException>(() => IndexMap.FromCode([.. code]));
        Assert.Throws<PlanFormatException>(() => IndexMap.FromCode([0, 0, .. Enumerable.Range(0, 20).SelectMany(_ => new[] { 1, 1 << 27 })]));
    }
}
