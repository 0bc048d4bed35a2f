using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>Client, server and dealer as three operating-system processes over loopback with TLS.</summary>
[Collection(SampleCollection.Name)]
public sealed class DealerTests(CompiledSample sample) : IDisposable
{
    private const string Image = "sneaker.png";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx2mpc-dealer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Three_processes_predict_what_two_predict()
    {
        using ToolProcess dealer = Listen("dealer", "deal", sample.PlanPath());
        using ToolProcess server = Listen(
            "server", "serve", sample.PlanPath(), "--weights", sample.WeightsPath(), "--audit", "--dealer", Address("dealer"), "--dealer-ca", Certificate("dealer"));
        string[] withDealer = ["--dealer", Address("dealer"), "--dealer-ca", Certificate("dealer")];
        string expected = Prediction(Infer([]));
        Assert.Equal(expected, Prediction(Infer(withDealer)));
        Assert.Contains("Dealt inference 0", dealer.Error, StringComparison.Ordinal);

        dealer.Kill();
        ToolResult lost = Infer(withDealer);
        Assert.Equal(ExitCodes.PeerFailure, lost.ExitCode);
        Assert.Contains("No dealer answers", lost.Error, StringComparison.Ordinal);
        Assert.Equal(expected, Prediction(Infer([])));
    }

    [Fact]
    public void Run_has_a_dealer_where_it_is_asked_for()
        => Assert.Contains(
            "Sneaker",
            ToolProcess.Run("run", sample.PlanPath(), "--weights", sample.WeightsPath(), "--input", Input, "--dealer", "--audit").RequireSuccess().Output,
            StringComparison.Ordinal);

    [Fact]
    public void Costs_with_a_dealer_count_its_bytes_and_no_encryption()
    {
        JsonElement cost = Json("cost", sample.PlanPath(), "--dealer", "--json").GetProperty("total");
        JsonElement without = Json("cost", sample.PlanPath(), "--json").GetProperty("total");
        Assert.Equal(0, without.GetProperty("offline").GetProperty("helper_bytes").GetInt64());
        Assert.True(cost.GetProperty("offline").GetProperty("helper_bytes").GetInt64() > 0);
        Assert.Equal(without.GetProperty("online").ToString(), cost.GetProperty("online").ToString());
    }

    [Fact]
    public void Leakage_says_what_a_dealer_changes()
    {
        string[] subjects = [.. Json("leakage", sample.PlanPath(), "--dealer", "--json").GetProperty("disclosures").EnumerateArray()
            .Where(d => d.GetProperty("learner").GetString() == "dealer").Select(d => d.GetProperty("subject").GetString()!)];
        Assert.Contains("collusion with the server", subjects);
        Assert.Contains("collusion with the client", subjects);
        Assert.DoesNotContain("dealer", ToolProcess.Run("leakage", sample.PlanPath()).RequireSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_a_dealer_need_a_dealer()
    {
        ToolResult result = ToolProcess.Run("infer", "--connect", "localhost:1", "--plan", sample.PlanPath(), "--input", Input, "--dealer-no-tls");
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("--dealer", result.Error, StringComparison.Ordinal);
    }

    private static string Input => Repository.Sample(Path.Combine("png", Image));

    private static JsonElement Json(params string[] arguments) => JsonDocument.Parse(ToolProcess.Run(arguments).RequireSuccess().Output).RootElement;

    private static string Prediction(ToolResult result)
        => JsonDocument.Parse(result.RequireSuccess().Output).RootElement.GetProperty("predictions")[0].GetProperty("fixed_point").ToString();

    private string Certificate(string party) => Path.Combine(_folder.FullName, party + ".pem");

    private string AddressFile(string party) => Path.Combine(_folder.FullName, party + ".address");

    private string Address(string party) => File.ReadAllText(AddressFile(party)).Trim();

    private ToolProcess Listen(string party, params string[] arguments)
    {
        ToolProcess process = ToolProcess.Start(
            [.. arguments, "--listen", "127.0.0.1:0", "--tls-self-signed", Certificate(party), "--address-file", AddressFile(party)]);
        process.WaitFor(_ => File.Exists(AddressFile(party)), $"the {party}'s address");
        return process;
    }

    private ToolResult Infer(string[] more) => ToolProcess.Run(
    [
        "infer", "--connect", Address("server"), "--tls-ca", Certificate("server"), "--plan", sample.PlanPath(), "--input", Input, "--audit", "--json", .. more,
    ]);
}
