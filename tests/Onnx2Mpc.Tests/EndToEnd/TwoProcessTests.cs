using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>Server and client as two operating-system processes over loopback with TLS, both audited.</summary>
[Collection(SampleCollection.Name)]
public sealed class TwoProcessTests(CompiledSample sample) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx2mpc-e2e-");

    private string Certificate => Path.Combine(_folder.FullName, "server.pem");

    private string AddressFile => Path.Combine(_folder.FullName, "address");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("fashion-mnist-bn")]
    public void Secure_output_equals_the_clear_interpreter_on_all_sample_images(string name)
    {
        using ToolProcess server = StartServer(name);
        ToolResult result = Infer(name, Repository.Sample("test-images-idx3-ubyte.gz"), "--audit", "--compare", Repository.Sample(name + ".onnx"), "--json").RequireSuccess();
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement[] predictions = [.. document.RootElement.GetProperty("predictions").EnumerateArray()];
        Assert.Equal(20, predictions.Length);

        ExecutionPlan plan = sample.Plan(name);
        FixedPointInterpreter interpreter = new(plan, sample.Weights(name));
        Dataset data = Dataset.Open(Repository.Sample("test-images-idx3-ubyte.gz"), TensorType.Float(1, 1, 28, 28));
        for (int i = 0; i < predictions.Length; i++)
        {
            Assert.Equal(Expected(plan, interpreter, data[i].Input), predictions[i].GetProperty("fixed_point").EnumerateArray().Select(e => e.GetInt64()));
            Assert.Equal(predictions[i].GetProperty("float_class").GetInt32(), predictions[i].GetProperty("class").GetInt32());
        }
    }

    [Fact]
    public void Killing_the_server_ends_the_client_with_a_message()
    {
        using ToolProcess server = StartServer("fashion-mnist");
        using ToolProcess client = StartClient("fashion-mnist", Repository.Sample("calibration-images-idx3-ubyte.gz"));
        client.WaitFor(c => c.Error.Contains("sample 1 of", StringComparison.Ordinal), "the first prediction");
        server.Kill();
        ToolResult result = client.WaitForExit();
        Assert.Equal(ExitCodes.PeerFailure, result.ExitCode);
        Assert.Contains("server", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Killing_the_client_leaves_the_server_to_the_next_client()
    {
        using ToolProcess server = StartServer("fashion-mnist");
        using (ToolProcess client = StartClient("fashion-mnist", Repository.Sample("calibration-images-idx3-ubyte.gz")))
        {
            client.WaitFor(c => c.Error.Contains("sample 1 of", StringComparison.Ordinal), "the first prediction");
            client.Kill();
        }

        server.WaitFor(s => s.Error.Contains("The client closed the connection", StringComparison.Ordinal) || s.Error.Contains("was lost", StringComparison.Ordinal), "the end of the session");
        Infer("fashion-mnist", Repository.Sample(Path.Combine("png", "sneaker.png"))).RequireSuccess();
    }

    [Fact]
    public void A_client_with_another_plan_is_told_so()
    {
        using ToolProcess server = StartServer("fashion-mnist");
        ToolResult result = Infer("fashion-mnist-bn", Repository.Sample(Path.Combine("png", "bag.png")));
        Assert.Equal(ExitCodes.PeerFailure, result.ExitCode);
        Assert.Contains("this server serves plan", result.Error, StringComparison.Ordinal);
        Infer("fashion-mnist", Repository.Sample(Path.Combine("png", "bag.png"))).RequireSuccess();
    }

    [Fact]
    public void A_client_that_does_not_know_the_certificate_refuses_the_server()
    {
        using ToolProcess server = StartServer("fashion-mnist");
        ToolResult result = ToolProcess.Run(
            "infer", "--connect", File.ReadAllText(AddressFile).Trim(), "--plan", sample.PlanPath(), "--input", Repository.Sample(Path.Combine("png", "bag.png")));
        Assert.Equal(ExitCodes.PeerFailure, result.ExitCode);
        Assert.Contains("--tls-ca", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_refuses_weights_of_another_plan()
    {
        ToolResult result = ToolProcess.Run("serve", sample.PlanPath("fashion-mnist"), "--weights", sample.WeightsPath("fashion-mnist-bn"), "--listen", "127.0.0.1:0");
        Assert.Equal(ExitCodes.BadFile, result.ExitCode);
        Assert.Contains("another plan", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Serving_other_machines_needs_a_certificate()
    {
        ToolResult result = ToolProcess.Run("serve", sample.PlanPath(), "--weights", sample.WeightsPath(), "--listen", "0.0.0.0:0");
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("--tls-cert", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_listening_is_a_peer_error()
    {
        ToolResult result = ToolProcess.Run(
            "infer", "--connect", "127.0.0.1:1", "--plan", sample.PlanPath(), "--input", Repository.Sample(Path.Combine("png", "bag.png")));
        Assert.Equal(ExitCodes.PeerFailure, result.ExitCode);
        Assert.Contains("127.0.0.1:1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_predicts_with_all_parties_on_this_machine()
    {
        ToolResult result = ToolProcess.Run(
            "run", sample.PlanPath(), "--weights", sample.WeightsPath(), "--input", Repository.Sample(Path.Combine("png", "trouser.png")), "--audit").RequireSuccess();
        Assert.Contains("Trouser", result.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<long> Expected(ExecutionPlan plan, FixedPointInterpreter interpreter, Tensor input)
    {
        Ring ring = new(plan.RingBits);
        ulong[] words = new ulong[input.Shape.Count];
        FixedPointEncoding.Encode(plan.Values[plan.Steps[0].Output], ring, input.Floats, words);
        return [.. interpreter.Run(words).ToArray().Select(ring.ToSigned)];
    }

    private ToolProcess StartServer(string name)
    {
        ToolProcess server = ToolProcess.Start(
            "serve", sample.PlanPath(name), "--weights", sample.WeightsPath(name), "--listen", "127.0.0.1:0",
            "--tls-self-signed", Certificate, "--address-file", AddressFile, "--audit");
        server.WaitFor(_ => File.Exists(AddressFile), "the server's address");
        return server;
    }

    private ToolResult Infer(string name, string input, params string[] more)
    {
        using ToolProcess client = StartClient(name, input, more);
        return client.WaitForExit();
    }

    private ToolProcess StartClient(string name, string input, params string[] more) => ToolProcess.Start(
    [
        "infer", "--connect", File.ReadAllText(AddressFile).Trim(), "--tls-ca", Certificate, "--plan", sample.PlanPath(name), "--input", input, .. more,
    ]);
}
