using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class CompileCommandTests(CompiledSample sample)
{
    [Fact]
    public void Compiling_twice_gives_the_same_bytes()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-again-");
        try
        {
            CompiledSample.Compile("fashion-mnist", folder.FullName).RequireSuccess();
            foreach (string path in new[] { sample.PlanPath(), sample.WeightsPath(), sample.CostPath("fashion-mnist"), sample.ReportPath })
                Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(folder.FullName, Path.GetFileName(path))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void No_weight_occurs_in_the_plan()
    {
        // Four integer weights, or two float ones, in a row are eight bytes that nothing else produces by chance.
        HashSet<ulong> leaks = [];
        foreach (WeightTensor tensor in sample.Weights("fashion-mnist").Tensors)
            AddWindows(leaks, MemoryMarshal.AsBytes(tensor.Elements.Select(e => (short)e).ToArray().AsSpan()), sizeof(short));
        foreach (Node node in OnnxImporter.Import(Repository.Sample("fashion-mnist.onnx")).Graph.Nodes)
        {
            if (node.Operation is Constant { Tensor: { Type.IsFloat: true } tensor })
                AddWindows(leaks, MemoryMarshal.AsBytes(tensor.Floats), sizeof(float));
        }

        leaks.Remove(0);
        Assert.True(leaks.Count > 400_000);
        Assert.True(Leaks(leaks, File.ReadAllBytes(sample.WeightsPath())) > 100_000, "The search does not find the weights where they are.");
        Assert.Equal(0, Leaks(leaks, File.ReadAllBytes(sample.PlanPath())));
    }

    [Fact]
    public void Json_is_one_document_on_standard_output_and_nothing_else()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-json-");
        try
        {
            ToolResult result = ToolProcess.Run("compile", Repository.Sample("fashion-mnist.onnx"), "-o", folder.FullName, "--json").RequireSuccess();
            using JsonDocument document = JsonDocument.Parse(result.Output);
            Assert.Equal(File.ReadAllText(Path.Combine(folder.FullName, "fashion-mnist.cost.json")), result.Output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_report_is_one_file_without_outside_references()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-report-");
        try
        {
            string recipe = Path.Combine(folder.FullName, "recipe.yaml");
            File.WriteAllText(recipe, "passes:\n  - relu-after-maxpool\n");
            ToolResult result = ToolProcess.Run(
                "compile", Repository.Sample("fashion-mnist.onnx"), "-o", folder.FullName, "--report", "--recipe", recipe, "--network", "mobile").RequireSuccess();
            Assert.Contains("65,984 → 37,760 ReLUs", result.Error, StringComparison.Ordinal);
            string report = File.ReadAllText(Path.Combine(folder.FullName, "fashion-mnist.report.html"));
            Assert.Contains("fully-connected", report, StringComparison.Ordinal);
            Assert.DoesNotContain("://", report, StringComparison.Ordinal);
            Assert.DoesNotContain("src=", report, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_missing_model_is_a_file_error()
    {
        ToolResult result = ToolProcess.Run("compile", "nowhere.onnx", "-o", "out");
        Assert.Equal(ExitCodes.BadFile, result.ExitCode);
        Assert.Contains("nowhere.onnx", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Backend_poly_refuses_comparisons_at_once_and_names_the_passes_that_remove_them()
    {
        ToolResult result = ToolProcess.Run("compile", Repository.Sample("fashion-mnist.onnx"), "-o", Path.GetTempPath(), "--backend", "poly");
        Assert.Equal(ExitCodes.NotSupported, result.ExitCode);
        Assert.Equal(5, result.Error.Split("OM2007").Length - 1);
        Assert.Contains("'polynomial'", result.Error, StringComparison.Ordinal);
        Assert.Contains("'maxpool-to-avgpool'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncation_that_fails_too_often_is_refused_with_the_way_out()
    {
        ToolResult result = ToolProcess.Run(
            "compile", Repository.Sample("fashion-mnist.onnx"), "-o", Path.GetTempPath(), "--backend", "poly", "--truncation", "local",
            "--pass", "maxpool-to-avgpool", "--pass", "polynomial:degree=2", "--calibrate", Repository.Sample("calibration-images-idx3-ubyte.gz"));
        Assert.Equal(ExitCodes.NotSupported, result.ExitCode);
        Assert.Contains("--max-truncation-failure 2^-", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_model_is_a_file_error()
    {
        ToolResult result = ToolProcess.Run("compile", Repository.Sample("labels.txt"), "-o", Path.GetTempPath());
        Assert.Equal(ExitCodes.BadFile, result.ExitCode);
    }

    [Theory]
    [InlineData("compile")]
    [InlineData("compile", "x.onnx")]
    [InlineData("compile", "x.onnx", "-o", "out", "--network", "moon")]
    [InlineData("compile", "x.onnx", "-o", "out", "--pass", "no-such-pass")]
    [InlineData("compile", "x.onnx", "-o", "out", "--pass", "dead-code:colour=red")]
    [InlineData("compile", "x.onnx", "-o", "out", "--backend", "magic")]
    [InlineData("compile", "x.onnx", "-o", "out", "--truncation", "perhaps")]
    [InlineData("compile", "x.onnx", "-o", "out", "--max-truncation-failure", "2^")]
    [InlineData("compile", "x.onnx", "-o", "out", "--max-truncation-failure", "1.5")]
    [InlineData("compile", "x.onnx", "-o", "out", "--ring", "100")]
    [InlineData("fly")]
    public void A_wrong_command_line_is_a_usage_error(params string[] arguments)
    {
        ToolResult result = ToolProcess.Run(arguments);
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.NotEqual("", result.Error);
    }

    private static void AddWindows(HashSet<ulong> windows, ReadOnlySpan<byte> bytes, int step)
    {
        for (int i = 0; i + sizeof(ulong) <= bytes.Length; i += step)
            windows.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
    }

    private static int Leaks(HashSet<ulong> windows, ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        for (int i = 0; i + sizeof(ulong) <= bytes.Length; i++)
            count += windows.Contains(BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..])) ? 1 : 0;
        return count;
    }
}
