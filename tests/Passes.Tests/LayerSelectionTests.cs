using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests;

public sealed class LayerSelectionTests
{
    private static readonly Node[] s_layers = [.. new[] { "conv1/relu", "conv2/relu", "fc/relu", "1" }.Select(Named)];

    [Theory]
    [InlineData("*", "conv1/relu conv2/relu fc/relu 1")]
    [InlineData("fc/relu", "fc/relu")]
    [InlineData("conv*", "conv1/relu conv2/relu")]
    [InlineData("conv?/relu+fc/relu", "conv1/relu conv2/relu fc/relu")]
    [InlineData("fc/relu+conv1/relu", "conv1/relu fc/relu")]
    [InlineData("0", "conv1/relu")]
    [InlineData("-2", "fc/relu")]
    [InlineData("1..2", "conv2/relu fc/relu")]
    [InlineData("-2..-1", "fc/relu 1")]
    public void Names_patterns_and_indices_select_in_graph_order(string text, string expected)
        => Assert.Equal(expected, string.Join(' ', LayerSelection.Parse(text).Of(s_layers).Select(n => n.Name)));

    [Theory]
    [InlineData("conv3*")]
    [InlineData("7")]
    [InlineData("conv1/relu+missing")]
    public void What_selects_nothing_is_refused_with_what_there_is(string text)
    {
        PassException e = Assert.Throws<PassException>(() => LayerSelection.Parse(text).Of(s_layers));

        Assert.Contains("0 conv1/relu, 1 conv2/relu, 2 fc/relu", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_item_is_refused() => Assert.Throws<PassException>(() => LayerSelection.Parse("a++b"));

    [Fact]
    public void Everything_of_nothing_is_nothing() => Assert.Empty(LayerSelection.Parse("*").Of([]));

    private static Node Named(string name)
        => new(new Relu(), [new Value("x", TensorType.Float(1))], new Value("y", TensorType.Float(1))) { Name = name };
}
