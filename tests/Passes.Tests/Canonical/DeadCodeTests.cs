using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class DeadCodeTests
{
    [Fact]
    public void What_no_output_depends_on_goes_and_the_inputs_stay()
    {
        Graph graph = Build(b =>
        {
            Value unread = b.Input("unread", TensorType.Float(2));
            b.Add(new Relu(), [b.Add(new Relu(), [unread])]);
            return b.Add(new Relu(), [b.Image(2)], "y");
        });

        Graph result = Run(new DeadCode(), graph);

        Assert.Equal(["y"], result.Nodes.Select(n => n.Output.Name));
        Assert.Equal(["unread", "x"], result.Inputs.Select(v => v.Name));
    }
}
