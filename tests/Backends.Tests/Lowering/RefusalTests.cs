using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Tests.Lowering;

public sealed class RefusalTests
{
    public static TheoryData<Operation, string> Rewrites => new()
    {
        { new Elu(1), "Relu" },
        { new HardSwish(), "polynomial" },
        { new ThresholdedRelu(0.5f), "Relu" },
        { new Shrink(0.5f, 0), "Relu" },
        { new Sigmoid(), "polynomial" },
        { new Gelu(), "polynomial" },
        { new Unary(UnaryKind.Tanh), "Clip" },
        { new LayerNormalization(1, 1), "BatchNormalization" },
        { new LogSoftmax(1), "logits" },
        { new LpPool(Net.Window(2)), "average" },
    };

    [Theory]
    [MemberData(nameof(Rewrites))]
    public void An_operation_without_protocol_names_the_nearest_rewrite(Operation operation, string hint)
    {
        CompileDiagnostic diagnostic = Refused(new Net(1, 1, 2, 4, 4).Then(operation));
        Assert.Equal((CompileDiagnosticCodes.UnsupportedOperation, operation.Name), (diagnostic.Code, diagnostic.Operation));
        Assert.Contains(hint, diagnostic.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Arithmetic_without_protocol_names_the_nearest_rewrite()
    {
        Net net = new(1, 1, 4);
        Assert.Contains("Relu", Refused(net.Then(new Binary(BinaryKind.Pow), net.Value)).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_not_finite_are_refused_by_node(float weight)
    {
        Net net = new(1, 1, 2);
        CompileDiagnostic diagnostic = Refused(net.Then(new MatMul(), net.Constant([2, 2], [1, weight, 0, 1])));
        Assert.Equal((CompileDiagnosticCodes.NotFinite, "matmul"), (diagnostic.Code, diagnostic.Node));
    }

    [Fact]
    public void Division_by_zero_is_refused()
    {
        Net net = new(1, 1, 2);
        Assert.Equal(CompileDiagnosticCodes.NotFinite, Refused(net.Then(new Binary(BinaryKind.Div), net.Constant([2], [1, 0]))).Code);
    }

    private static CompileDiagnostic Refused(Net net) => Assert.Single(BackendCompiler.Check(net.Build()));
}
