using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Printing;

namespace PrivateInference.Frontend.Tests.Exporting;

/// <summary>Every operation by itself: written, executed by ONNX Runtime, read back.</summary>
public sealed class ExportedOperationTests
{
    private const float Tolerance = 2e-6f;

    [Fact]
    public void Every_operation_of_the_IR_is_exported_in_these_tests()
    {
        IEnumerable<string> all = typeof(Operation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract).Select(t => t.Name);

        Assert.Equal(all.Order(StringComparer.Ordinal), ExportCases.All.Select(row => row[0].GetType().Name).Distinct().Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(ExportCases.All), MemberType = typeof(ExportCases))]
    public void OnnxRuntime_computes_what_the_interpreter_computes(Operation operation, Tensor[] inputs)
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        Tensor expected = FloatInterpreter.Evaluate(operation, inputs);
        foreach (bool standardOnly in new[] { false, true })
        {
            byte[] model = OnnxExporter.Export(Apply(operation, inputs), new ExportOptions { StandardOnly = standardOnly }).ToBytes();
            using OnnxRuntimeSession session = OnnxRuntimeSession.Open(model);
            AssertSame(expected, session.Run(inputs.Index().ToDictionary(p => $"x{p.Index}", p => p.Item, StringComparer.Ordinal))["y"]);
        }
    }

    [Theory]
    [MemberData(nameof(ExportCases.All), MemberType = typeof(ExportCases))]
    public void An_operation_comes_back_as_itself(Operation operation, Tensor[] inputs)
    {
        Graph graph = Apply(operation, inputs);

        Graph imported = OnnxImporter.Import(OnnxExporter.Export(graph).ToBytes()).Graph;

        AssertSame(FloatInterpreter.Run(graph, inputs)[0], FloatInterpreter.Run(imported, inputs)[0]);
        if (HasOwnForm(operation, inputs))
            Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(imported));
    }

    [Theory]
    [MemberData(nameof(ExportCases.All), MemberType = typeof(ExportCases))]
    public void With_standard_operators_only_the_function_comes_back(Operation operation, Tensor[] inputs)
    {
        ExportedModel model = OnnxExporter.Export(Apply(operation, inputs), new ExportOptions { StandardOnly = true });

        Assert.Empty(model.Functions);
        Assert.Equal("", Assert.Single(OnnxImporter.Import(model.ToBytes()).Opsets).Key);
        AssertSame(FloatInterpreter.Evaluate(operation, inputs), FloatInterpreter.Run(OnnxImporter.Import(model.ToBytes()).Graph, inputs)[0]);
    }

    /// <summary>The other operations are written as several operators, or read as a simpler operation.</summary>
    private static bool HasOwnForm(Operation operation, Tensor[] inputs) => operation switch
    {
        LocalResponseNormalization => inputs[0].Shape.Rank == 4,
        MaxPoolIndices or TopK { Positions: true } => false,
        Reduce { Axes.Count: 0 } => false,
        Reduce { Kind: ReduceKind.Mean } reduce => inputs[0].Shape.Rank < 4,
        Elu elu => elu.Width == 1 || elu.Width == elu.Alpha,
        Binary { Kind: BinaryKind.Mod } => !inputs[0].Type.IsFloat,
        Clip clip => inputs[0].Type.IsFloat || float.IsInteger(clip.Minimum),
        Gather => inputs[1].Type.Element is not ElementType.UInt8,
        Slice slice => slice.Sizes.Zip(slice.Steps).All(p => p.First > 1 || p.Second == 1),
        Cast cast => cast.Target != inputs[0].Type.Element,
        _ => true,
    };

    private static Graph Apply(Operation operation, Tensor[] inputs)
    {
        GraphBuilder builder = new("single");
        Value[] operands = [.. inputs.Select((t, i) => builder.Input($"x{i}", t.Type))];
        builder.Output(builder.Add(operation, [.. operands], "y", operation is Constant ? null : "layer"));
        return builder.Build();
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        if (!expected.Type.IsFloat)
        {
            Assert.Equal(expected.Integers, actual.Integers);
            return;
        }

        float bound = Tolerance * expected.Floats.ToArray().Where(float.IsFinite).Append(1).Max(MathF.Abs);
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            (float e, float a) = (expected.Floats[i], actual.Floats[i]);
            Assert.True(e.Equals(a) || MathF.Abs(e - a) <= bound, $"[{i}]: {e} became {a}");
        }
    }
}
