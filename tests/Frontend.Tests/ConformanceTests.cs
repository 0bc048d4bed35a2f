using System.Collections.Immutable;
using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Operators;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Verification;
using Xunit.Abstractions;
using Google.Protobuf;

namespace PrivateInference.Frontend.Tests;

/// <summary>The published operator cases, for the operators that are supported.</summary>
public class ConformanceTests(ITestOutputHelper log)
{
    private const string Passes = "passes";

    /// <summary>Debian's package libonnx-testdata.</summary>
    private const string DebianCases = "/usr/share/libonnx-testdata/data/";

    /// <summary>Their expected results wrap around where the operator's definition, and ONNX Runtime, saturate.</summary>
    private static readonly string[] _faulty = ["test_qlinearmatmul_2D_int8_float32", "test_qlinearmatmul_3D_int8_float32"];

    [SkippableTheory]
    [InlineData("shared/onnx_node", 220)]
    [InlineData(DebianCases + "node", 400)]
    [InlineData(DebianCases + "pytorch-converted", 50)]
    [InlineData(DebianCases + "pytorch-operator", 20)]
    [InlineData(DebianCases + "simple", 4)]
    public void Supported_operators_compute_what_the_published_cases_say(string folder, int atLeast)
    {
        string? root = Directory.Exists(folder) ? folder : SharedModels.Find(folder);
        Skip.If(root is null, $"no conformance cases in {folder}");
        int passed = 0;
        List<string> wrong = [];
        foreach (string directory in Directory.EnumerateDirectories(root!).Order(StringComparer.Ordinal).Where(IsSupported))
        {
            string outcome = Outcome(directory);
            log.WriteLine($"{Path.GetFileName(directory)}: {outcome}");
            if (outcome is Passes)
                passed++;
            else if (outcome.StartsWith("differs", StringComparison.Ordinal))
                wrong.Add($"{Path.GetFileName(directory)} {outcome}");
        }

        log.WriteLine($"{passed} pass");
        Assert.Empty(wrong);
        Assert.True(passed >= atLeast, $"only {passed} cases pass");
    }

    /// <summary>Half precision is computed in single precision, on purpose: the compiler chooses its own fixed point.</summary>
    private static bool IsSupported(string directory)
        => !directory.Contains("FLOAT16", StringComparison.Ordinal) && !_faulty.Contains(Path.GetFileName(directory), StringComparer.Ordinal) && Model(directory).Graph.Node.All(n => OperatorTable.Find(OperatorTable.QualifiedName(n)) is not null);

    private static string Outcome(string directory)
    {
        ModelProto model = Model(directory);
        string data = Path.Combine(directory, "test_data_set_0");
        Tensor[] inputs;
        Tensor[] expected;
        try
        {
            MoveInitializersLast(model.Graph);
            inputs = [.. model.Graph.Input.SkipLast(model.Graph.Initializer.Count).Select((_, i) => TensorReader.Read(Path.Combine(data, $"input_{i}.pb")))];
            expected = [.. model.Graph.Output.Select((_, i) => TensorReader.Read(Path.Combine(data, $"output_{i}.pb")))];
        }
        catch (DataFormatException e)
        {
            return "data not read: " + e.Message;
        }

        for (int constants = 0; ; constants++)
        {
            try
            {
                Graph graph = OnnxImporter.Import(model.ToByteArray(), Sizes(model, inputs)).Graph;
                GraphVerifier.Require(graph);
                IReadOnlyList<Tensor> actual = FloatInterpreter.Run(graph, [.. graph.Inputs.Select(v => inputs[InputIndex(model, v.Name)])]);
                return actual.Zip(expected, Compare).FirstOrDefault(outcome => outcome is not Passes) ?? Passes;
            }
            catch (ModelNotSupportedException) when (constants == 0 && inputs.Length > 1)
            {
                // The cases pass shapes and bounds as inputs; a compiler needs to know them.
                for (int i = 1; i < inputs.Length; i++)
                    model.Graph.Initializer.Add(Initializer(data, i, model.Graph.Input[i].Name));
            }
            catch (ModelNotSupportedException) when (constants <= 1 && inputs.Length > 0)
            {
                model.Graph.Initializer.Add(Initializer(data, 0, model.Graph.Input[0].Name));
                constants = 2;
            }
            catch (ModelNotSupportedException e)
            {
                return "refused: " + e.Diagnostics[0];
            }
        }
    }

    /// <summary>Some cases declare dimensions of 0 or none, which a model file means as open.</summary>
    private static ImportOptions Sizes(ModelProto model, Tensor[] inputs)
        => new() { Dimensions = inputs.SelectMany((tensor, i) => tensor.Shape.Dimensions.Select((d, axis) => ($"{model.Graph.Input[i].Name}:{axis}", d))).DistinctBy(p => p.Item1, StringComparer.Ordinal).ToImmutableDictionary(p => p.Item1, p => p.d, StringComparer.Ordinal) };

    /// <summary>Old files list their weights among the inputs; the cases number the others.</summary>
    private static void MoveInitializersLast(GraphProto graph)
    {
        HashSet<string> initializers = new(graph.Initializer.Select(t => t.Name), StringComparer.Ordinal);
        ValueInfoProto[] inputs = [.. graph.Input.Where(i => !initializers.Contains(i.Name))];
        graph.Input.Clear();
        graph.Input.Add(inputs);
        graph.Input.Add(initializers.Select(name => new ValueInfoProto { Name = name }));
    }

    private static int InputIndex(ModelProto model, string name) => model.Graph.Input.Select(i => i.Name).ToList().IndexOf(name);

    private static TensorProto Initializer(string data, int index, string name)
    {
        TensorProto tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(data, $"input_{index}.pb")));
        tensor.Name = name;
        return tensor;
    }

    private static string Compare(Tensor actual, Tensor expected)
    {
        if (actual.Type != expected.Type)
            return $"differs: {actual.Type} for {expected.Type}";
        if (!actual.Type.IsFloat)
            return actual.Integers.SequenceEqual(expected.Integers) ? Passes : $"differs: {Text(actual)} for {Text(expected)}";
        for (int i = 0; i < actual.Shape.Count; i++)
        {
            float a = actual.Floats[i], e = expected.Floats[i];
            if (!(Math.Abs(a - e) <= 1e-4f + (1e-4f * Math.Abs(e))) && !a.Equals(e))
                return $"differs at {i}: {a} for {e}";
        }

        return Passes;
    }

    private static string Text(Tensor tensor) => string.Join(' ', tensor.Integers.ToArray().Take(8));

    private static ModelProto Model(string directory) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(directory, "model.onnx")));
}
