using PrivateInference.IR;
using PrivateInference.Passes.Sharing;

namespace PrivateInference.Passes.Tests.Sharing;

public sealed class PatchGridTests
{
    [Theory]
    [InlineData("2x2", 5, 7)]
    [InlineData("3x1", 5, 7)]
    [InlineData("9x2", 5, 7)]
    [InlineData("1x1", 5, 7)]
    [InlineData("channel", 5, 7)]
    public void Every_position_lies_in_one_patch_and_no_patch_is_larger_than_asked_for(string patch, int height, int width)
    {
        PatchGrid grid = PatchSize.Parse(patch).On(new Shape(1, 3, height, width))!;

        int[][] members = grid.Members();

        Assert.Equal(Enumerable.Range(0, height * width), members.SelectMany(m => m).Order());
        Assert.Equal(grid.PatchCount, members.Length);
        Assert.All(members, m => Assert.InRange(m.Length, 1, grid.PatchSize));
        int[] rows = grid.PatchOf(0), columns = grid.PatchOf(1);
        Assert.All(members.Index(), p => Assert.All(p.Item, m => Assert.Equal(p.Index, (rows[m / width] * grid.Counts[1]) + columns[m % width])));
    }

    [Fact]
    public void The_middle_of_a_patch_lies_in_it_also_at_the_edge()
    {
        PatchGrid grid = PatchSize.Parse("3x4").On(new Shape(1, 1, 7, 9))!;

        Assert.Equal([1, 4, 6], grid.Middles(0));
        Assert.Equal([2, 6, 8], grid.Middles(1));
    }

    [Theory]
    [InlineData("0x2")]
    [InlineData("2x")]
    [InlineData("-1")]
    [InlineData("plane")]
    public void Another_text_is_refused(string patch) => Assert.Contains($"'{patch}'", Assert.Throws<PassException>(() => PatchSize.Parse(patch)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_patch_fits_no_plane_of_another_rank() => Assert.Null(PatchSize.Parse("2x2").On(new Shape(1, 3, 8)));
}
