using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class FunctionTests
{
    public static TheoryData<Operation, Func<double, double>> Definitions => new()
    {
        { new LeakyRelu(0.1f), x => x < 0 ? 0.1 * x : x },
        { new Elu(0.5f), x => x > 0 ? x : 0.5 * (Math.Exp(x) - 1) },
        { new Elu(1.5f, Gamma: 2), x => 2 * (x > 0 ? x : 1.5 * (Math.Exp(x) - 1)) },
        { new Elu(2, Width: 2), x => Math.Max(0, x) + Math.Min(0, 2 * (Math.Exp(x / 2) - 1)) },
        { new ThresholdedRelu(0.75f), x => x > 0.75 ? x : 0 },
        { new Shrink(0.5f, 0.25f), x => x < -0.5 ? x + 0.25 : x > 0.5 ? x - 0.25 : 0 },
        { new HardSigmoid(0.25f, 0.5f), x => Math.Clamp((0.25 * x) + 0.5, 0, 1) },
        { new HardSwish(), x => x * Math.Clamp((x / 6) + 0.5, 0, 1) },
        { new Sigmoid(), x => 1 / (1 + Math.Exp(-x)) },
        { new Gelu(), x => x * NormalDistribution(x) },
        { new Gelu(Tanh: true), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) },
        { new Unary(UnaryKind.Abs), Math.Abs },
        { new Unary(UnaryKind.Neg), x => -x },
        { new Unary(UnaryKind.Sign), x => Math.Sign(x) },
        { new Unary(UnaryKind.Floor), Math.Floor },
        { new Unary(UnaryKind.Ceil), Math.Ceiling },
        { new Unary(UnaryKind.Round), x => Math.Round(x, MidpointRounding.ToEven) },
        { new Unary(UnaryKind.Exp), Math.Exp },
        { new Unary(UnaryKind.Tanh), Math.Tanh },
        { new Unary(UnaryKind.Softplus), x => Math.Log(1 + Math.Exp(x)) },
        { new Unary(UnaryKind.Softsign), x => x / (1 + Math.Abs(x)) },
        { new Unary(UnaryKind.Mish), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))) },
        { new Unary(UnaryKind.Sin), Math.Sin },
        { new Unary(UnaryKind.Cos), Math.Cos },
        { new Unary(UnaryKind.Tan), Math.Tan },
        { new Unary(UnaryKind.Atan), Math.Atan },
        { new Unary(UnaryKind.Sinh), Math.Sinh },
        { new Unary(UnaryKind.Cosh), Math.Cosh },
        { new Unary(UnaryKind.Asinh), Math.Asinh },
    };

    public static TheoryData<UnaryKind, Func<double, double>> PartialDefinitions => new()
    {
        { UnaryKind.Sqrt, Math.Sqrt },
        { UnaryKind.Log, Math.Log },
        { UnaryKind.Reciprocal, x => 1 / x },
        { UnaryKind.Asin, Math.Asin },
        { UnaryKind.Acos, Math.Acos },
        { UnaryKind.Atanh, Math.Atanh },
        { UnaryKind.Acosh, Math.Acosh },
    };

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Functions_equal_their_definition(Operation operation, Func<double, double> definition)
        => AssertEqualsDefinition(operation, definition, [-4.2f, -2.5f, -1, -0.6f, -0.25f, 0, 0.25f, 0.5f, 0.75f, 1, 1.5f, 3.1f, 5]);

    [Theory]
    [MemberData(nameof(PartialDefinitions))]
    public void Partial_functions_equal_their_definition(UnaryKind kind, Func<double, double> definition)
        => AssertEqualsDefinition(new Unary(kind), definition, kind is UnaryKind.Acosh ? [1.25f, 2, 7] : [0.1f, 0.5f, 0.9f]);

    /// <summary>Values from Abramowitz and Stegun, table 7.1.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1f, 0.1124629160f)]
    [InlineData(0.5f, 0.5204998778f)]
    [InlineData(1f, 0.8427007929f)]
    [InlineData(1.5f, 0.9661051465f)]
    [InlineData(2f, 0.9953222650f)]
    [InlineData(40, 1)]
    public void The_error_function_is_odd_and_has_its_tabulated_values(float x, float expected)
        => AssertClose([expected, -expected], FloatInterpreter.Evaluate(new Unary(UnaryKind.Erf), [F([2], x, -x)]), tolerance: 1.2e-7f);

    [Fact]
    public void Large_arguments_do_not_overflow()
        => AssertClose([200, 0], FloatInterpreter.Evaluate(new Unary(UnaryKind.Softplus), [F([2], 200, -200)]));

    [Fact]
    public void A_slope_broadcasts_per_channel()
        => AssertClose([-1, 2, -30, 4], FloatInterpreter.Evaluate(new PRelu(), [F([1, 2, 2], -1, 2, -3, 4), F([2, 1], 1, 10)]));

    [Fact]
    public void Integers_have_a_magnitude_and_a_sign()
    {
        Assert.Equal([3L, 0L, 3L], FloatInterpreter.Evaluate(new Unary(UnaryKind.Abs), [I([3], -3, 0, 3)]).Integers.ToArray());
        Assert.Equal([-1L, 0L, 1L], FloatInterpreter.Evaluate(new Unary(UnaryKind.Sign), [I([3], -3, 0, 3)]).Integers.ToArray());
        Assert.Equal([-128L], FloatInterpreter.Evaluate(new Unary(UnaryKind.Neg), [Typed(ElementType.Int8, -128)]).Integers.ToArray());
    }

    private static void AssertEqualsDefinition(Operation operation, Func<double, double> definition, float[] points)
    {
        Tensor result = FloatInterpreter.Evaluate(operation, [F([points.Length], points)]);
        for (int i = 0; i < points.Length; i++)
        {
            double expected = definition(points[i]);
            Assert.Equal(expected, result.Floats[i], 2e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    /// <summary>Simpson's rule over the density.</summary>
    private static double NormalDistribution(double x)
    {
        const int Steps = 2000;
        double h = x / Steps, sum = 0;
        for (int i = 0; i <= Steps; i++)
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-(i * h) * (i * h) / 2);
        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }
}
