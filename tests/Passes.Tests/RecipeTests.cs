namespace PrivateInference.Passes.Tests;

public sealed class RecipeTests
{
    [Fact]
    public void A_recipe_is_a_list_of_names_and_parameters()
    {
        Recipe recipe = Recipe.Parse("passes:\n  - relu-after-maxpool\n  - fold-constants:\n      max-elements: 100\n  - dead-code\n");
        Assert.Equal(["relu-after-maxpool", "fold-constants", "dead-code"], recipe.Passes.Select(p => p.Name));
        Assert.Equal("100", recipe.Passes[1].Parameters["max-elements"]);
    }

    [Fact]
    public void A_list_of_layers_is_what_the_command_line_joins_by_plus()
        => Assert.Equal(
            "conv1+conv2",
            Recipe.Parse("passes:\n  - remove-activation:\n      layers: [conv1, conv2]\n").Passes[0].Parameters["layers"]);

    [Theory]
    [InlineData("")]
    [InlineData("passes: 3")]
    [InlineData("steps:\n  - dead-code\n")]
    [InlineData("passes:\n  - [a, b]\n")]
    [InlineData("passes:\n  - a:\n      b: [[1]]\n")]
    [InlineData("passes:\n  - a: 1\n")]
    [InlineData("passes: [")]
    public void Anything_else_is_refused(string text) => Assert.Throws<PassException>(() => Recipe.Parse(text));

    [Fact]
    public void A_missing_recipe_is_named()
        => Assert.Contains("nowhere.yaml", Assert.Throws<PassException>(() => Recipe.Load("nowhere.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_command_line_request_has_key_value_pairs()
    {
        PassRequest request = PassRequest.Parse("partial-activation:ratio=0.5,layers=conv1");
        Assert.Equal("partial-activation", request.Name);
        Assert.Equal("0.5", request.Parameters["ratio"]);
        Assert.Equal("conv1", request.Parameters["layers"]);
        Assert.Empty(PassRequest.Parse("dead-code").Parameters);
    }

    [Theory]
    [InlineData("a:b")]
    [InlineData("a:=1")]
    [InlineData("a:b=1,b=2")]
    public void A_malformed_request_is_refused(string text) => Assert.Throws<PassException>(() => PassRequest.Parse(text));
}
