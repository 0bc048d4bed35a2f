using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Reference;

/// <summary>The binding to ONNX Runtime; skipped where the library is not installed.</summary>
public class OnnxRuntimeTests
{
    public OnnxRuntimeTests() => Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");

    [SkippableFact]
    public void The_pinned_library_or_a_newer_one_is_loaded()
    {
        OnnxRuntimeLibrary library = OnnxRuntimeLibrary.Instance;
        Assert.True(Version.Parse(library.Version) >= new Version(1, 12), library.Version);
        Assert.NotEmpty(library.Path);
    }

    [SkippableFact]
    public void A_model_in_memory_computes()
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        IReadOnlyDictionary<string, Tensor> outputs = session.Run(Named("x", Tensor.FromFloats(new Shape(1, 2), [1, -3])));
        Assert.Equal([1.5f, -5.5f], outputs["y"].Floats.ToArray());
        Assert.Equal(TensorType.Float(1, 2), outputs["y"].Type);
    }

    [SkippableFact]
    public void Names_types_and_open_dimensions_are_listed()
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        OnnxRuntimeValue input = Assert.Single(session.Inputs);
        Assert.Equal("x", input.Name);
        Assert.Equal(ElementType.Float32, input.Element);
        Assert.Equal([-1, 2], input.Dimensions.ToArray());
        Assert.Equal(["batch", ""], input.Symbols.ToArray());
        Assert.Equal("x: float[batch,2]", input.ToString());
        Assert.Equal("y", Assert.Single(session.Outputs).Name);
    }

    [SkippableFact]
    public void An_open_dimension_takes_any_size()
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        foreach (int batch in new[] { 1, 3 })
            Assert.Equal(TensorType.Float(batch, 2), session.Run(Named("x", Tensor.FromFloats(new Shape(batch, 2), new float[2 * batch])))["y"].Type);
    }

    [SkippableTheory]
    [InlineData((int)DataType.Float, ElementType.Float32)]
    [InlineData((int)DataType.Double, ElementType.Float64)]
    [InlineData((int)DataType.Float16, ElementType.Float32)]
    public void Floats_of_every_width_come_back_as_they_were_sent(int type, ElementType expected)
    {
        Tensor result = Echo((DataType)type, Tensor.FromFloats(new Shape(2, 2), [0.5f, -2, 1024, -0.25f]));
        Assert.Equal(expected, result.Type.Element);
        Assert.Equal([0.5f, -2, 1024, -0.25f], result.Floats.ToArray());
    }

    [SkippableTheory]
    [InlineData((int)DataType.Int64, ElementType.Int64, long.MinValue, long.MaxValue)]
    [InlineData((int)DataType.Int32, ElementType.Int32, int.MinValue, int.MaxValue)]
    [InlineData((int)DataType.Int8, ElementType.Int8, -128, 127)]
    [InlineData((int)DataType.Uint8, ElementType.UInt8, 0, 255)]
    [InlineData((int)DataType.Bool, ElementType.Bool, 0, 1)]
    public void Integers_of_every_width_come_back_as_they_were_sent(int type, ElementType expected, long smallest, long largest)
    {
        Tensor result = Echo((DataType)type, Tensor.FromIntegers(new TensorType(expected, new Shape(3)), [smallest, largest, 1]));
        Assert.Equal(expected, result.Type.Element);
        Assert.Equal([smallest, largest, 1], result.Integers.ToArray());
    }

    [SkippableFact]
    public void Scalars_and_empty_tensors_pass()
    {
        Assert.Equal(7f, Echo(DataType.Float, Tensor.Scalar(7)).Floats[0]);
        Assert.Equal(new Shape(0, 3), Echo(DataType.Float, Tensor.FromFloats(new Shape(0, 3), [])).Shape);
    }

    [SkippableFact]
    public void A_value_that_does_not_fit_the_declared_type_is_refused_with_the_input_named()
    {
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => Echo(DataType.Int8, Tensor.FromInt64(128)));
        Assert.Contains("'x: int8[", e.Message, StringComparison.Ordinal);
        Assert.Throws<OnnxRuntimeException>(() => Echo(DataType.Float, Tensor.FromInt64(1)));
    }

    [SkippableFact]
    public void A_missing_input_is_named_together_with_those_the_model_has()
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => session.Run(Named("image", Tensor.Scalar(1))));
        Assert.Contains("'x'", e.Message, StringComparison.Ordinal);
        Assert.Contains("x: float[batch,2]", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_failing_run_says_what_the_runtime_says()
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => session.Run(Named("x", Tensor.FromFloats(new Shape(1, 3), new float[3]))));
        Assert.Contains("invalid dimensions", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public void A_broken_model_is_refused_with_the_runtimes_words()
    {
        OnnxRuntimeException damaged = Assert.Throws<OnnxRuntimeException>(() => OnnxRuntimeSession.Open([1, 2, 3]).Dispose());
        Assert.NotEmpty(damaged.Message);
        byte[] unknown = new OnnxModelBuilder().Input("x", 1).Node("NoSuchOperator", "x", "y").Output("y", 1).Bytes();
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => OnnxRuntimeSession.Open(unknown).Dispose());
        Assert.Contains("NoSuchOperator", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_file_without_a_reference_gives_the_reason()
    {
        Assert.Null(OnnxRuntimeSession.TryOpen("no-such-model.onnx", out string reason));
        Assert.Contains("no-such-model.onnx", reason, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(GraphOptimization.None, 1)]
    [InlineData(GraphOptimization.All, 2)]
    public void A_model_file_computes_with_any_options(GraphOptimization optimization, int threads)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + "-ä.onnx");
        File.WriteAllBytes(file, Affine().Bytes());
        try
        {
            using OnnxRuntimeSession session = OnnxRuntimeSession.Open(file, new OnnxRuntimeOptions { Optimization = optimization, Threads = threads });
            Assert.Equal([3.5f, -2.5f], session.Run(Named("x", Tensor.FromFloats(new Shape(1, 2), [2, -1.5f])))["y"].Floats.ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [SkippableFact]
    public void An_output_that_is_not_numeric_is_left_out()
    {
        OnnxModelBuilder builder = Affine().Node("Cast", "y", "text", ("to", (int)DataType.String));
        builder.Graph.Output.Add(new ValueInfoProto { Name = "text", Type = builder.Graph.Output[0].Type.Clone() });
        builder.Graph.Output[1].Type.TensorType.ElemType = (int)DataType.String;
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(builder.Bytes());
        Assert.Null(session.Outputs[1].Element);
        Assert.Equal(["y"], session.Run(Named("x", Tensor.FromFloats(new Shape(1, 2), [0, 0]))).Keys);
    }

    [SkippableFact]
    public void Concurrent_runs_of_a_session_do_not_disturb_each_other()
    {
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        Parallel.For(0, 64, i => Assert.Equal(
            [(2 * i) - 0.5f, 0.5f],
            session.Run(Named("x", Tensor.FromFloats(new Shape(1, 2), [i, 0])))["y"].Floats.ToArray()));
    }

    [SkippableFact]
    public void A_released_session_refuses_to_run()
    {
        OnnxRuntimeSession session = OnnxRuntimeSession.Open(Affine().Bytes());
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(Named("x", Tensor.FromFloats(new Shape(1, 2), [0, 0]))));
    }

    /// <summary>y = 2x + (−0.5, 0.5) on a batch of pairs.</summary>
    private static OnnxModelBuilder Affine() => new OnnxModelBuilder()
        .Input("x", "batch", 2)
        .Floats("two", [], 2)
        .Floats("offset", [2], -0.5f, 0.5f)
        .Node("Mul", "x two", "scaled")
        .Node("Add", "scaled offset", "y")
        .Output("y", "batch", 2);

    private static Tensor Echo(DataType type, Tensor tensor)
    {
        object[] dimensions = [.. tensor.Shape.Dimensions.Select(d => (object)d)];
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", type, dimensions).Node("Identity", "x", "y");
        builder.Graph.Output.Add(new ValueInfoProto { Name = "y", Type = builder.Graph.Input[0].Type });
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(builder.Bytes());
        return session.Run(Named("x", tensor))["y"];
    }

    private static Dictionary<string, Tensor> Named(string name, Tensor tensor) => new(StringComparer.Ordinal) { [name] = tensor };
}
