using System.Text.RegularExpressions;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests;

public sealed class PassRegistryTests
{
    [Theory]
    [InlineData("fold-constants")]
    [InlineData("fold-batchnorm")]
    [InlineData("drop-identity")]
    [InlineData("merge-pad")]
    [InlineData("common-subexpressions")]
    [InlineData("dead-code")]
    [InlineData("relu-after-maxpool")]
    [InlineData("relu-shuffle")]
    [InlineData("relu-merge")]
    [InlineData("relu-redundant")]
    [InlineData("merge-linear")]
    [InlineData("relu-share")]
    [InlineData("polynomial")]
    [InlineData("recalibrate")]
    [InlineData("relu-balance")]
    public void The_names_of_the_contract_are_there(string name)
        => Assert.Equal(name, PassRegistry.Default.Create(name).Name);

    [Fact]
    public void Every_pass_describes_itself_under_a_name_of_its_own()
    {
        IReadOnlyList<Pass> all = PassRegistry.Default.All;

        Assert.Equal(all.Count, all.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, pass =>
        {
            Assert.Matches(new Regex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), pass.Name);
            Assert.EndsWith(".", pass.Summary, StringComparison.Ordinal);
            Assert.All(pass.Parameters, parameter => Assert.NotEmpty(parameter.Description));
        });
    }

    [Fact]
    public void Every_pass_of_the_assembly_is_registered()
    {
        IEnumerable<string> classes = typeof(Pass).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Pass)) && !t.IsAbstract).Select(t => t.Name);

        Assert.Equal(classes.Order(StringComparer.Ordinal), PassRegistry.Default.All.Select(p => p.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("fold-batchnrm", "Did you mean 'fold-batchnorm'?")]
    [InlineData("deadcode", "Did you mean 'dead-code'?")]
    [InlineData("something-else-entirely", "Known: fold-constants,")]
    public void An_unknown_name_is_refused_with_a_suggestion(string name, string expected)
    {
        PassException e = Assert.Throws<PassException>(() => PassRegistry.Default.Create(name));

        Assert.Contains($"'{name}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unrelated_name_gets_no_suggestion()
        => Assert.DoesNotContain(
            "Did you mean", Assert.Throws<PassException>(() => PassRegistry.Default.Create("quantise")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("fold-constants", "max-element", "1", "Did you mean 'max-elements'?")]
    [InlineData("dead-code", "depth", "1", "There are none.")]
    [InlineData("fold-constants", "max-elements", "many", "takes an integer of at least 1, not 'many'")]
    [InlineData("fold-constants", "max-elements", "0", "takes an integer of at least 1, not '0'")]
    public void An_unknown_parameter_or_value_is_refused(string pass, string parameter, string value, string expected)
        => Assert.Contains(
            expected,
            Assert.Throws<PassException>(() => PassRegistry.Default.Create(pass, Arguments(parameter, value))).Message,
            StringComparison.Ordinal);
}
