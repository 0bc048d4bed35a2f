using PrivateInference.IR.Operations;
using PrivateInference.IR.Verification;

namespace PrivateInference.IR.Tests.Verification;

public sealed class GraphVerifierTests
{
    private readonly Value _x = new("x", TensorType.Float(2));
    private readonly Value _y = new("y", TensorType.Float(2));
    private readonly Value _z = new("z", TensorType.Float(2));

    [Fact]
    public void A_well_formed_graph_has_no_problems()
        => Assert.Empty(GraphVerifier.Verify(new Graph("g", [_x], [Relu(_x, _y), Relu(_y, _z)], [_z, _x])));

    [Fact]
    public void Two_values_must_not_share_a_name()
        => AssertProblem("The name 'x' is used by more than one value", new Graph("g", [_x], [Relu(_x, new Value("x", _x.Type))], [_x]));

    [Fact]
    public void A_value_must_have_a_name()
        => AssertProblem("has no name", new Graph("g", [new Value("", _x.Type)], [], []));

    [Fact]
    public void A_value_must_be_defined_once()
        => AssertProblem("Value 'y' is defined more than once", new Graph("g", [_x], [Relu(_x, _y), Relu(_x, _y)], [_y]));

    [Fact]
    public void An_input_must_not_be_defined_by_a_node()
        => AssertProblem("Value 'x' is defined more than once", new Graph("g", [_x], [Relu(_x, _x)], [_x]));

    [Fact]
    public void A_value_must_be_defined_before_its_use()
        => AssertProblem("Node 'z' uses value 'y' before its definition", new Graph("g", [_x], [Relu(_y, _z), Relu(_x, _y)], [_z]));

    [Fact]
    public void A_value_must_belong_to_the_graph()
        => AssertProblem("uses value 'y', which does not belong to the graph", new Graph("g", [_x], [Relu(_y, _z)], [_z]));

    [Fact]
    public void An_output_must_be_defined()
        => AssertProblem("Graph output 'y' is not defined", new Graph("g", [_x], [], [_y]));

    [Fact]
    public void A_declared_type_must_be_the_inferred_one()
        => AssertProblem(
            "Node 'w' declares f32[3], but 'relu' gives f32[2]",
            new Graph("g", [_x], [Relu(_x, new Value("w", TensorType.Float(3)))], [_x]));

    [Fact]
    public void Inputs_must_fit_their_operation()
        => AssertProblem("Node 'y': 'relu' takes 1 inputs and got 2", new Graph("g", [_x], [new Node(new Relu(), [_x, _x], _y)], [_y]));

    [Fact]
    public void Every_problem_is_listed_at_once()
    {
        Graph graph = new("g", [_x, _x], [Relu(_y, _z)], [_y]);

        GraphException e = Assert.Throws<GraphException>(() => GraphVerifier.Require(graph));

        Assert.Equal(3, GraphVerifier.Verify(graph).Count);
        Assert.All(GraphVerifier.Verify(graph), problem => Assert.Contains(problem, e.Message, StringComparison.Ordinal));
    }

    private static Node Relu(Value input, Value output) => new(new Relu(), [input], output);

    private static void AssertProblem(string expected, Graph graph)
        => Assert.Contains(expected, Assert.Single(GraphVerifier.Verify(graph)), StringComparison.Ordinal);
}
