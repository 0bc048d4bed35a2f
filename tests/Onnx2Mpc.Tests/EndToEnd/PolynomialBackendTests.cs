using System.Security.Cryptography.X509Certificates;
using PrivateInference.Backends;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Passes.Architectures;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>Networks with polynomials of degree 4 for their activations on backend <c>poly</c>, executed securely and audited.</summary>
public sealed class PolynomialBackendTests
{
    private const int Runs = 3, Draws = 40;

    [Theory]
    [InlineData("fashion-mnist", Truncation.Exact)]
    [InlineData("fashion-mnist", Truncation.Faithful)]
    [InlineData("minionn-avg", Truncation.Exact)]
    [InlineData("minionn-avg", Truncation.Faithful)]
    [InlineData("resnet-18", Truncation.Exact)]
    [InlineData("resnet-18", Truncation.Faithful)]
    [InlineData("fashion-mnist", Truncation.Local)]
    public Task Secure_output_is_the_clear_interpreters_or_close_to_it(string name, Truncation truncation)
        => RequireCloseAsync(name, degree: 4, new CompileOptions { Backend = "poly", Truncation = truncation, MaxTruncationFailure = 1.0 / 64 });

    [Fact]
    public Task Powers_of_128_bits_are_executed_likewise()
        => RequireCloseAsync("fashion-mnist", degree: 6, new CompileOptions { Backend = "poly", Truncation = Truncation.Faithful, PowerRingBits = 128 });

    private static async Task RequireCloseAsync(string name, int degree, CompileOptions compilation)
    {
        (Graph original, CalibrationData samples) = Model(name);
        Graph graph = Rewrite(original, samples, degree);
        Truncation? truncation = compilation.Truncation;
        CompiledModel model = BackendCompiler.Compile(graph, compilation, samples);
        ExecutionPlan plan = PlanSerializer.Read(PlanSerializer.Write(model.Plan));
        Assert.Empty(model.Calibration!.OutOfRange);
        Assert.Equal(compilation.PowerRingBits > 64, plan.Steps.OfType<PolynomialStep>().Any(s => s.RingBits > 64));
        Assert.Equal(truncation == Truncation.Exact, plan.Steps.Any(s => s is NonLinearStep));
        if (truncation == Truncation.Faithful)
            RequireOneRoundAPolynomial(plan);

        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        await using InferenceServer server = InferenceServer.Start(plan, model.Weights, new ServerOptions { Certificate = certificate, Audit = true });
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate, Audit = true };
        await using InferenceClient client = await InferenceClient.ConnectAsync(plan, options);
        Random random = new(11);
        FixedPointInterpreter interpreter = new(plan, model.Weights), drawing = new(plan, model.Weights) { DrawRounding = () => (ulong)random.NextInt64(long.MinValue, long.MaxValue) };
        for (int i = 0; i < Runs; i++)
        {
            float[] image = samples.Samples[i].Floats.ToArray();
            long[] secure = [.. (await client.InferAsync(image)).FixedPoint], clear = [.. Clear(plan, interpreter, image)];
            if (truncation == Truncation.Exact)
                Assert.Equal(clear, secure);
            else
                RequireScatter([.. Enumerable.Range(0, Draws).Select(_ => Clear(plan, drawing, image).ToArray())], secure);
        }
    }

    /// <summary>A flight each way a polynomial, the input's and the output's; a word of either ring and three bits an element.</summary>
    private static void RequireOneRoundAPolynomial(ExecutionPlan plan)
    {
        CostReport report = PlanCosts.Report(plan);
        PolynomialStep[] polynomials = [.. plan.Steps.OfType<PolynomialStep>()];
        Assert.Equal((2 * polynomials.Length) + 2, report.Total.Online.Rounds);
        foreach (PolynomialStep step in polynomials)
        {
            PhaseCost online = report.Steps.Single(s => s.Name == step.Name).Online;
            long bits = step.PowerBits(plan) + plan.RingBits + 3;
            Assert.InRange(online.TotalBytes, 0, (plan.Values[step.Output].Count * bits / 8) + 64);
            Assert.True(step.PowerBits(plan) > plan.RingBits);
        }
    }

    /// <summary>
    /// Secure results scatter as the interpreter's do that draws its roundings: within eight deviations of their mean. A rounding that
    /// fails would be off by far more.
    /// </summary>
    private static void RequireScatter(long[][] drawn, long[] secure)
    {
        for (int i = 0; i < secure.Length; i++)
        {
            double mean = drawn.Average(d => (double)d[i]), deviation = Math.Sqrt(drawn.Average(d => Math.Pow(d[i] - mean, 2)));
            Assert.InRange(secure[i], mean - (8 * deviation) - 2, mean + (8 * deviation) + 2);
        }
    }

    private static (Graph Graph, CalibrationData Samples) Model(string name)
    {
        if (name == "fashion-mnist")
        {
            Graph sample = PassPipeline.Canonicalize(OnnxImporter.Import(Repository.Sample("fashion-mnist.onnx")).Graph);
            Dataset calibration = Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), sample.Inputs[0].Type);
            return (sample, new CalibrationData([.. Enumerable.Range(0, 20).Select(i => calibration[i].Input)]));
        }

        Graph graph = PassPipeline.Canonicalize(ArchitectureCatalog.Create(name, new ArchitectureOptions { Width = 0.125, InputSize = name == "resnet-18" ? 16 : null }));
        Shape shape = graph.Inputs[0].Shape;
        Random random = new(5);
        return (graph, new CalibrationData([.. Enumerable.Range(0, 8).Select(_ => Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => random.NextSingle())]))]));
    }

    private static Graph Rewrite(Graph graph, CalibrationData samples, int degree)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal) { ["degree"] = $"{degree}", ["per"] = "layer" };
        Pass[] passes = [PassRegistry.Default.Create("maxpool-to-avgpool"), PassRegistry.Default.Create("polynomial", parameters)];
        return new PassManager(passes).Run(graph, PassContext.Default with { Calibration = samples }).Graph;
    }

    private static IEnumerable<long> Clear(ExecutionPlan plan, FixedPointInterpreter interpreter, float[] image)
    {
        Ring ring = new(plan.RingBits);
        ulong[] words = new ulong[image.Length];
        FixedPointEncoding.Encode(plan.Values[0], ring, image, words);
        return [.. interpreter.Run(words).ToArray().Select(ring.ToSigned)];
    }
}
