using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Printing;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.Frontend.Tests.Exporting;

public sealed class OnnxExporterTests
{
    [Fact]
    public void The_same_graph_gives_the_same_bytes()
        => Assert.Equal(OnnxExporter.Export(Network()).ToBytes(), OnnxExporter.Export(Network()).ToBytes());

    [Fact]
    public void Names_of_values_nodes_inputs_and_outputs_survive()
    {
        Graph graph = Network();

        Graph imported = OnnxImporter.Import(OnnxExporter.Export(graph).ToBytes()).Graph;

        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(imported));
    }

    [Fact]
    public void A_file_claims_no_newer_operators_than_it_has()
    {
        Assert.Equal(17, OnnxExporter.Export(Network()).Opset);
        Assert.Equal(20, OnnxExporter.Export(Single(new Gelu(), TensorType.Float(2))).Opset);
    }

    [Fact]
    public void Operations_without_an_operator_are_functions_of_a_documented_domain()
    {
        Assert.Equal(["ai.onnx2mpc.DRelu", "ai.onnx2mpc.Polynomial2"], OnnxExporter.Export(Network()).Functions.AsEnumerable());
        Assert.Empty(OnnxExporter.Export(Network(), new ExportOptions { StandardOnly = true }).Functions);
    }

    [Fact]
    public void A_function_is_written_once_however_often_it_is_called()
    {
        GraphBuilder builder = new("g");
        Value x = builder.Input("x", TensorType.Float(2));
        builder.Output(builder.Add(new DRelu(), [builder.Add(new DRelu(), [x])]));

        Assert.Single(OnnxExporter.Export(builder.Build()).Functions);
    }

    [SkippableFact]
    public void Inputs_and_constants_may_be_outputs()
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        GraphBuilder builder = new("g");
        Value x = builder.Input("x", TensorType.Float(2));
        builder.Output(x);
        builder.Output(builder.Constant(Range(3), "c"));
        builder.Output(x);
        byte[] model = OnnxExporter.Export(builder.Build()).ToBytes();

        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(model);

        Assert.Equal(["x", "c"], session.Outputs.Select(o => o.Name));
        IReadOnlyDictionary<string, Tensor> outputs = session.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = F([2], 5, 6) });
        Assert.Equal([5, 6], outputs["x"].Floats.ToArray());
        Assert.Equal([0, 1, 2], outputs["c"].Floats.ToArray());
        Assert.Equal(["x", "c"], OnnxImporter.Import(model).OutputNames.AsEnumerable());
    }

    [SkippableFact]
    public void A_tensor_without_elements_keeps_its_shape()
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        GraphBuilder builder = new("g");
        Value x = builder.Input("x", TensorType.Float(2, 3));
        Value none = builder.Add(new Slice(new IntVector(0, 0), new IntVector(0, 3), new IntVector(1, 1)), [x]);
        builder.Output(builder.Add(new Reshape(new Shape(3, 0)), [none], "y"));
        byte[] model = OnnxExporter.Export(builder.Build()).ToBytes();

        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(model);

        Assert.Equal(new Shape(3, 0), session.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = Range(2, 3) })["y"].Shape);
        Assert.Equal(GraphPrinter.Print(builder.Build()), GraphPrinter.Print(OnnxImporter.Import(model).Graph));
    }

    [Fact]
    public void Names_that_the_writer_adds_do_not_hide_those_of_the_graph()
    {
        GraphBuilder builder = new("g");
        Value x = builder.Input("y/shape", TensorType.Float(2));
        Value y = builder.Add(new Reshape(new Shape(2, 1)), [x], "y", "same");
        Value taken = builder.Add(new DRelu(), [y], "z/zero", "same");
        builder.Output(builder.Add(new DRelu(), [taken], "z", "z/positive"));
        Graph graph = builder.Build();

        foreach (bool standardOnly in new[] { false, true })
        {
            Graph imported = OnnxImporter.Import(OnnxExporter.Export(graph, new ExportOptions { StandardOnly = standardOnly }).ToBytes()).Graph;
            AssertClose([1, 1], FloatInterpreter.Run(imported, [F([2], -1, 2)])[0]);
            Assert.Equal(["y/shape", "z"], imported.Inputs.Concat(imported.Outputs).Select(v => v.Name));
            Assert.Equal(imported.Nodes.Length, imported.Nodes.Select(n => n.Name).Distinct().Count());
        }
    }

    [Fact]
    public void What_ONNX_cannot_say_is_refused_with_every_node()
    {
        GraphBuilder builder = new("g");
        TensorType type = new(ElementType.Int32, new Shape(1, 1, 2));
        Value x = builder.Input("x", type), w = builder.Input("w", type with { Shape = new Shape(1, 1, 1) });
        Value first = builder.Add(new Conv(SpatialWindow.Create([1])), [x, w], nodeName: "first");
        builder.Output(builder.Add(new Conv(SpatialWindow.Create([1])), [first, w], nodeName: "second"));

        ExportException e = Assert.Throws<ExportException>(() => OnnxExporter.Export(builder.Build()));

        Assert.Contains("'first'", e.Message, StringComparison.Ordinal);
        Assert.Contains("'second'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_refused()
    {
        Graph graph = Network();
        int size = OnnxExporter.Export(graph).FileBytes;

        Assert.Contains("bytes", Assert.Throws<ExportException>(() => OnnxExporter.Export(graph, new ExportOptions { MaxFileBytes = size - 1 })).Message, StringComparison.Ordinal);
        Assert.Equal(size, OnnxExporter.Export(graph, new ExportOptions { MaxFileBytes = size + 4096 }).FileBytes);
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_nothing_else()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-export-");
        try
        {
            string path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllText(path, "old");
            OnnxExporter.Export(Network()).Save(path);

            Assert.Equal(OnnxExporter.Export(Network()).ToBytes(), File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
            Assert.ThrowsAny<IOException>(() => OnnxExporter.Export(Network()).Save(Path.Combine(folder.FullName, "nowhere", "model.onnx")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [SkippableFact]
    public void With_an_open_batch_every_sample_is_computed_as_by_itself()
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        Graph graph = Network();
        byte[] model = OnnxExporter.Export(graph, new ExportOptions { OpenBatch = true }).ToBytes();
        Tensor three = Random(new Random(3), 3, 2, 4, 4);

        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(model);
        Tensor scores = session.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["image"] = three })["scores"];

        Assert.Equal(new Shape(3, 48), scores.Shape);
        for (int i = 0; i < 3; i++)
        {
            Tensor sample = F([1, 2, 4, 4], three.Floats.Slice(i * 32, 32).ToArray());
            AssertClose(FloatInterpreter.Run(graph, [sample])[0].Floats.ToArray(), F([1, 48], scores.Floats.Slice(i * 48, 48).ToArray()));
        }

        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(OnnxImporter.Import(model).Graph));
    }

    [Fact]
    public void A_graph_that_fixes_the_number_of_samples_has_no_open_batch()
    {
        ExportOptions open = new() { OpenBatch = true };

        Assert.Contains("'x0'", Assert.Throws<ExportException>(() => OnnxExporter.Export(Single(new Relu(), TensorType.Float(2, 3)), open)).Message, StringComparison.Ordinal);
        Assert.Contains("'y'", Assert.Throws<ExportException>(() => OnnxExporter.Export(Single(new Transpose(new IntVector(1, 0)), TensorType.Float(1, 1)), open)).Message, StringComparison.Ordinal);
        GraphBuilder builder = new("g");
        Value flat = builder.Add(new Reshape(new Shape(6)), [builder.Input("x", TensorType.Float(1, 6))]);
        builder.Output(builder.Add(new Reshape(new Shape(1, 6)), [flat]));
        Assert.Contains("fixes the number of samples", Assert.Throws<ExportException>(() => OnnxExporter.Export(builder.Build(), open)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_does_not_fit_its_operation_is_refused()
    {
        new OnnxModelBuilder().Input("x", 1, 3).Weights("c", 2, 3).Node("ai.onnx2mpc::Polynomial2", "x c", "y", ("axis", 1)).Output("y")
            .AssertRefused(DiagnosticCodes.InvalidNode);
        new OnnxModelBuilder().Input("x", 1, 3).Weights("c", 3, 3).Node("ai.onnx2mpc::Polynomial2", "x c", "y").Output("y")
            .AssertRefused(DiagnosticCodes.InvalidNode);
    }

    [Fact]
    public void Weights_are_raw_little_endian_bytes()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxExporter.Export(Single(new Constant(Typed(ElementType.Int16, -2, 258)))).ToBytes());

        Assert.Equal([0xFE, 0xFF, 0x02, 0x01], Assert.Single(model.Graph.Initializer).RawData.ToArray());
    }

    private static Graph Network()
    {
        GraphBuilder builder = new("little net");
        Value x = builder.Input("image", TensorType.Float(1, 2, 4, 4));
        Value weight = builder.Constant(Random(new Random(1), 3, 2, 3, 3), "conv1.weight");
        Value y = builder.Add(new Conv(SpatialWindow.Create([3, 3], pad: 1)), [x, weight], "conv1 out", "conv1");
        Value coefficients = builder.Constant(Random(new Random(2), 3, 3), "act1.coefficients");
        y = builder.Add(new Polynomial(1), [y, coefficients], "a", "act1");
        Value decision = builder.Add(new DRelu(), [y], "decision");
        Value shared = builder.Add(new Gather(3), [decision, builder.Constant(Tensor.FromInt64(0, 0, 2, 2), "groups")], "shared", "act2/share");
        y = builder.Add(new Binary(BinaryKind.Mul), [y, shared], "product", "act2");
        y = builder.Add(new Clip(0, 6), [y], "clipped", "act3");
        y = builder.Add(new Reshape(new Shape(1, 48)), [y], "flat");
        builder.Output(builder.Add(new Softmax(1), [y], "scores", "softmax"));
        builder.Output(y);
        return builder.Build();
    }

    private static Graph Single(Operation operation, params TensorType[] inputs)
    {
        GraphBuilder builder = new("g");
        builder.Output(builder.Add(operation, [.. inputs.Select((type, i) => builder.Input($"x{i}", type))], "y"));
        return builder.Build();
    }
}
