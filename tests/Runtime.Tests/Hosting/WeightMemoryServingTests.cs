using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Hosting;

public sealed class WeightMemoryServingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weight-memory-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, false, 1)]
    [InlineData(0, true, 3)]
    [InlineData(12_000, false, 2)]
    [InlineData(12_000, true, 1)]
    [InlineData(1 << 30, true, 2)]
    public async Task Predictions_do_not_depend_on_where_weights_are_kept_nor_on_threads(long bytes, bool cached, int threads)
    {
        string path = Path.Combine(_folder, "weights.cache");
        List<string> warnings = [];
        for (int start = 0; start < 2; start++)
        {
            ServerOptions options = new()
            {
                Threads = threads,
                WeightMemory = new WeightMemoryOptions { Bytes = bytes, CachePath = cached ? path : null, OnWarning = warnings.Add },
            };
            await using InferenceServer server = InferenceServer.Start(SamplePlans.EveryStep, SamplePlans.Weights, options);
            ConnectOptions connection = new() { Host = "127.0.0.1", Port = server.EndPoint.Port, UseTls = false, Audit = true, Threads = threads };
            await using InferenceClient client = await InferenceClient.ConnectAsync(SamplePlans.EveryStep, connection);
            float[] input = [.. Enumerable.Range(0, SamplePlans.EveryStep.Values[SamplePlans.EveryStep.Steps[0].Output].Count).Select(i => (i % 7) - 3f)];
            InferenceResult result = await client.InferAsync(input);
            Assert.Equal((IEnumerable<float>)new FixedPointInterpreter(SamplePlans.EveryStep, SamplePlans.Weights).Infer(input).Elements, result.Output);
        }

        Assert.Empty(warnings);
        Assert.Equal(cached && bytes > 0, File.Exists(path));
    }

    [Fact]
    public void No_threads_are_refused()
    {
        ServerOptions options = new() { Threads = 0 };
        Assert.Throws<ArgumentException>(() => InferenceServer.Start(SamplePlans.EveryStep, SamplePlans.Weights, options));
    }
}
