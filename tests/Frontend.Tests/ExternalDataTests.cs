using System.Runtime.InteropServices;
using Google.Protobuf;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests;

public sealed class ExternalDataTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("onnx-external").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Weights_beside_the_model_are_read()
    {
        WriteData("sub/weights.bin", 9, 9, 1, 2);
        string model = WriteModel(("location", "sub/weights.bin"), ("offset", "8"), ("length", "8"));
        Assert.Equal([1f, 2f], Weights(model));
    }

    [Fact]
    public void Without_a_length_the_rest_of_the_file_counts()
    {
        WriteData("weights.bin", 9, 1, 2);
        Assert.Equal([1f, 2f], Weights(WriteModel(("location", "weights.bin"), ("offset", "4"))));
    }

    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("sub/../../outside.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("C:\\outside.bin")]
    [InlineData("..\\outside.bin")]
    [InlineData("")]
    public void Paths_that_leave_the_directory_are_refused(string location)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "sub"));
        Assert.Contains("not read", Malformed(("location", location)), StringComparison.Ordinal);
    }

    [Fact]
    public void Symbolic_links_are_refused()
    {
        WriteData("weights.bin", 1, 2);
        File.CreateSymbolicLink(Path.Combine(_directory, "link.bin"), Path.Combine(_directory, "weights.bin"));
        Assert.Contains("not read", Malformed(("location", "link.bin")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset", "4")]
    [InlineData("offset", "-4")]
    [InlineData("offset", "9223372036854775807")]
    [InlineData("length", "4")]
    [InlineData("length", "many")]
    public void A_part_that_does_not_fit_is_refused(string key, string value)
    {
        WriteData("weights.bin", 1, 2);
        Assert.Contains("'w'", Malformed(("location", "weights.bin"), (key, value)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
        => Assert.Contains("'lost.bin'", Malformed(("location", "lost.bin")), StringComparison.Ordinal);

    [Fact]
    public void A_model_without_a_path_has_no_external_data()
        => Assert.Contains("from its path", Assert.Throws<ModelFormatException>(() => OnnxImporter.Import(File.ReadAllBytes(WriteModel(("location", "w.bin"))))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_model_is_a_format_error()
        => Assert.Throws<ModelFormatException>(() => OnnxImporter.Import(Path.Combine(_directory, "none.onnx")));

    private static float[] Weights(string model)
    {
        IR.Graph graph = OnnxImporter.Import(model).Graph;
        return graph.ConstantOf(graph.Nodes[^1].Inputs[1])!.Floats.ToArray();
    }

    private string Malformed(params (string Key, string Value)[] entries)
        => Assert.Throws<ModelFormatException>(() => OnnxImporter.Import(WriteModel(entries))).Message;

    private void WriteData(string name, params float[] values)
    {
        string path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    private string WriteModel(params (string Key, string Value)[] entries)
    {
        TensorProto tensor = OnnxModelBuilder.Typed("w", DataType.Float, 2);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(entries.Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
        string path = Path.Combine(_directory, "model.onnx");
        File.WriteAllBytes(path, new OnnxModelBuilder().Input("x", 2).Initializer(tensor).Node("Add", "x w", "y").Output("y").Model.ToByteArray());
        return path;
    }
}
