using PrivateInference.IR;
using PrivateInference.IR.Verification;
using PrivateInference.Testing;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>
/// What the recipes of the papers leave of the architectures of the papers: <c>golden/architectures/NAME.RECIPE.txt</c>.
/// A recipe is one line of <see cref="ArchitectureRecipe.All"/>.
/// </summary>
public sealed class ArchitectureGoldenTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (ArchitectureRecipe recipe in ArchitectureRecipe.All)
            {
                foreach (string name in recipe.Architectures)
                    cases.Add(name, recipe.Name);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_recipe_leaves_the_layers_that_its_golden_file_lists(string architecture, string recipe)
    {
        Graph graph = ArchitectureRecipe.All.Single(r => r.Name == recipe).Apply(architecture);

        GraphVerifier.Require(graph);
        Golden.Matches($"architectures/{architecture}.{recipe}.txt", ArchitectureReport.Print(graph));
    }
}
