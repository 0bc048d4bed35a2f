using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class SelectionTests
{
    [Fact]
    public void One_hot_vectors_of_computed_indices_lie_along_the_axis()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("x", 4).IntegerScalar("depth", 3).Floats("values", [2], -1, 5)
            .Node("OneHot", "x depth values", "y", ("axis", 0L)).Output("y");
        Assert.Equal([5f, -1, -1, -1, -1, -1, -1, -1, -1, 5, 5, -1], model.Run(0, 2, -1, 7).Floats);
    }

    [Fact]
    public void One_hot_vectors_of_no_indices_do_not_cost_their_depth()
        => new OnnxModelBuilder().Input("x", 4).Floats("none", [0]).IntegerScalar("depth", 1 << 30).Floats("values", [2], 0, 1)
            .Node("OneHot", "none depth values", "y").Output("y").AssertRefused(DiagnosticCodes.TooLarge);

    [Fact]
    public void One_hot_vectors_of_constant_indices_are_constants()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("x", 2, 3).Integers("indices", 2, 0).IntegerScalar("depth", 3).Floats("values", [2], 0, 1)
            .Node("OneHot", "indices depth values", "hot").Node("Mul", "x hot", "y").Output("y");
        Assert.Equal([typeof(Constant), typeof(Binary)], model.Import().Graph.Nodes.Select(n => n.Operation.GetType()));
        Assert.Equal([0f, 0, 3, 4, 0, 0], model.Run(1, 2, 3, 4, 5, 6).Floats);
    }
}
