using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests;

/// <summary>The properties of passes are tested on random networks: these have to have what passes are about.</summary>
public sealed class RandomNetworkTests
{
    private const int Networks = 100, AtLeast = 10;

    public static TheoryData<string, Func<Graph, Node, bool>> Patterns => new()
    {
        { "concatenations", (_, n) => n.Operation is Concat && n.Inputs.Distinct().Count() > 1 },
        { "ReLUs behind a concatenation", (g, n) => n.Operation is Relu && g.Producer(n.Inputs[0])?.Operation is Concat },
        { "residual additions", (g, n) => n.Operation is Binary { Kind: BinaryKind.Add } && n.Inputs.All(v => Computed(g, v)) && n.Inputs.Distinct().Count() > 1 },
        { "splits", (g, n) => n.Operation is Slice or Gather && g.Users(n.Inputs[0]).Count() > 1 && n.Output.Shape[1] < n.Inputs[0].Shape[1] },
        { "max pools", (_, n) => n.Operation is MaxPool },
        { "ReLUs before a max pool", (g, n) => n.Operation is MaxPool && g.Producer(n.Inputs[0])?.Operation is Relu },
        { "average pools", (_, n) => n.Operation is AveragePool },
        { "values with several readers", (g, n) => n.Operation is not Constant && g.Users(n.Output).Count() > 1 },
        { "batch normalisations", (_, n) => n.Operation is BatchNormalization },
        { "depthwise convolutions", (_, n) => n.Operation is Conv { Groups: > 1 } },
        { "sign decisions in standard operators", (g, n) => n.Operation is Cast && g.Producer(n.Inputs[0])?.Operation is Compare },
    };

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Many_networks_have_some(string what, Func<Graph, Node, bool> pattern)
    {
        int having = Enumerable.Range(0, Networks).Select(RandomNetwork.Create).Count(g => g.Nodes.Any(n => pattern(g, n)));
        Assert.True(having >= AtLeast, $"{having} of {Networks} networks have {what}");
    }

    private static bool Computed(Graph graph, Value value) => graph.ConstantOf(value) is null && !graph.Inputs.Contains(value);
}
