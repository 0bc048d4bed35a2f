using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>Preparing ahead with a server and using it later, each command a process of its own, all audited.</summary>
[Collection(SampleCollection.Name)]
public sealed class PreprocessTests(CompiledSample sample) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx2mpc-preprocess-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_prepared_outlives_client_and_server_and_is_used_once()
    {
        using (ToolProcess server = StartServer())
            Client("preprocess", "--count", "2", "--audit").RequireSuccess();
        Assert.Equal(2, Listed());
        using JsonDocument cost = JsonDocument.Parse(ToolProcess.Run("cost", sample.PlanPath(), "--from-store", "--json").RequireSuccess().Output);
        RequireSizes(cost.RootElement.GetProperty("storage"));

        using ToolProcess restarted = StartServer();
        ToolResult inferred = Infer("--store-only", "--limit", "2", "--json").RequireSuccess();
        using JsonDocument document = JsonDocument.Parse(inferred.Output);
        Assert.All(document.RootElement.GetProperty("predictions").EnumerateArray(), p => Assert.True(p.GetProperty("cost").GetProperty("offline").GetProperty("client_bytes").GetInt64() < 100));
        Assert.Equal(0, Listed());

        ToolResult empty = Infer("--store-only", "--limit", "1");
        Assert.Equal(ExitCodes.BadFile, empty.ExitCode);
        Assert.Contains("onnx2mpc preprocess", empty.Error, StringComparison.Ordinal);
        Assert.Contains("offline", Infer("--limit", "1").RequireSuccess().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Killing_either_party_while_they_prepare_costs_at_most_what_was_under_way()
    {
        using (ToolProcess server = StartServer())
        {
            KillAfter("prepared 2 of 1000", tool => tool);
            KillAfter("prepared 1 of 1000", _ => server);
        }

        using ToolProcess restarted = StartServer();
        int left = Listed();
        Assert.InRange(left, 3, 1000);
        ToolResult inferred = Infer("--store-only", "--limit", (left - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), "--compare", Repository.Sample("fashion-mnist.onnx"));
        Assert.Contains("agreement with float model", inferred.RequireSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefetching_leaves_the_store_as_full_as_asked_for()
    {
        using ToolProcess server = StartServer();
        Infer("--prefetch", "2", "--limit", "2").RequireSuccess();
        Assert.Equal(2, Listed());
    }

    [Fact]
    public void A_server_without_a_store_says_how_to_give_it_one()
    {
        using ToolProcess server = StartServer(withStore: false);
        ToolResult result = Client("preprocess");
        Assert.Equal(ExitCodes.BadFile, result.ExitCode);
        Assert.Contains("serve --store", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_does_not_open_a_store()
    {
        Store("preprocess", "a.key", "--list").RequireSuccess();
        ToolResult result = Store("preprocess", "b.key", "--list");
        Assert.Equal(ExitCodes.BadFile, result.ExitCode);
        Assert.Contains("another key", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_the_store_it_protects_is_warned_about()
        => Assert.Contains("Warning", Store("preprocess", Path.Combine("client", "key"), "--list").RequireSuccess().Error, StringComparison.Ordinal);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private ToolProcess StartServer(bool withStore = true)
    {
        File.Delete(PathOf("address"));
        string[] store = withStore ? ["--store", PathOf("server"), "--store-key", PathOf("server.key")] : [];
        ToolProcess server = ToolProcess.Start(
        [
            "serve", sample.PlanPath(), "--weights", sample.WeightsPath(), "--listen", "127.0.0.1:0", "--audit",
            "--tls-self-signed", PathOf("server.pem"), "--address-file", PathOf("address"), .. store,
        ]);
        server.WaitFor(_ => File.Exists(PathOf("address")), "the server's address");
        return server;
    }

    // The client's store and the server's address, for either command.
    private string[] Arguments(string command, params string[] more) =>
    [
        command, "--connect", File.ReadAllText(PathOf("address")).Trim(), "--tls-ca", PathOf("server.pem"), "--plan", sample.PlanPath(),
        "--store", PathOf("client"), "--store-key", PathOf("client.key"), .. more,
    ];

    private ToolResult Client(string command, params string[] more) => ToolProcess.Run(Arguments(command, more));

    private ToolResult Infer(params string[] more) => Client("infer", ["--input", Repository.Sample("test-images-idx3-ubyte.gz"), "--audit", .. more]);

    private ToolResult Store(string command, string key, params string[] more) => ToolProcess.Run([command, "--store", PathOf("client"), "--store-key", PathOf(key), .. more]);

    private int Listed()
    {
        using JsonDocument document = JsonDocument.Parse(Store("preprocess", "client.key", "--list", "--json").RequireSuccess().Output);
        return document.RootElement.GetProperty("store").EnumerateArray().Sum(s => s.GetProperty("inferences").GetInt32());
    }

    private void RequireSizes(JsonElement predicted)
    {
        foreach (string party in new[] { "client", "server" })
        {
            string[] items = Directory.GetFiles(PathOf(party), "*.item", SearchOption.AllDirectories);
            Assert.Equal(2, items.Length);
            Assert.All(items, i => Assert.Equal(predicted.GetProperty(party + "_bytes").GetInt64(), new FileInfo(i).Length));
        }
    }

    private void KillAfter(string message, Func<ToolProcess, ToolProcess> victim)
    {
        using ToolProcess client = ToolProcess.Start(Arguments("preprocess", "--count", "1000"));
        client.WaitFor(c => c.Error.Contains(message, StringComparison.Ordinal), message);
        victim(client).Kill();
        client.WaitForExit();
    }
}
