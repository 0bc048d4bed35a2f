using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.Commands;

public sealed class ProtocolOverrideTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-protocol-").FullName;

    [Fact]
    public void The_plan_records_what_was_asked_for()
    {
        ToolResult compiled = Compile("--protocol", "gc", "--protocol", "/Relu_2=ot").RequireSuccess();
        (string Name, string Protocol)[] steps =
        [
            .. JsonDocument.Parse(compiled.Output).RootElement.GetProperty("steps").EnumerateArray()
                .Select(s => (s.GetProperty("name").GetString()!, s.GetProperty("protocol").GetString()!)).Where(s => s.Item2 is "gc" or "ot"),
        ];
        Assert.True(steps.Length > 1);
        Assert.All(steps, s => Assert.Equal(s.Name == "/Relu_2" ? "ot" : "gc", s.Protocol));
    }

    [Theory]
    [InlineData("There is no step '/Rélu' whose protocol could be chosen; these have: ", "--protocol", "/Rélu=ot")]
    [InlineData("'rlwe' is no protocol to choose", "--protocol", "/Relu=rlwe")]
    [InlineData("given twice for step '/Relu'", "--protocol", "/Relu=gc", "--protocol", "/Relu=ot")]
    [InlineData("given twice for all steps", "--protocol", "gc", "--protocol", "ot")]
    [InlineData("Backend 'gc' leaves no choice of protocols", "--backend", "gc", "--protocol", "ot")]
    public void What_means_nothing_is_a_clear_error(string message, params string[] options)
    {
        ToolResult result = Compile(options);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ToolResult Compile(params string[] options) => ToolProcess.Run(["compile", Repository.Sample("fashion-mnist.onnx"), "-o", _folder, "--json", .. options]);
}
