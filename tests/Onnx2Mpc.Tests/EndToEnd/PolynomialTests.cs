using System.Security.Cryptography.X509Certificates;
using PrivateInference.Backends;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>The sample model with average pools and with polynomials for its activations, executed securely.</summary>
public sealed class PolynomialTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Secure_output_equals_the_clear_interpreter_and_decides_no_sign(int degree)
    {
        Graph sample = PassPipeline.Canonicalize(OnnxImporter.Import(Repository.Sample("fashion-mnist.onnx")).Graph);
        Dataset calibration = Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), sample.Inputs[0].Type);
        CalibrationData samples = new([.. Enumerable.Range(0, 20).Select(i => calibration[i].Input)]);
        Pass[] passes = [PassRegistry.Default.Create("maxpool-to-avgpool"), PassRegistry.Default.Create("polynomial", new Dictionary<string, string> { ["degree"] = $"{degree}" })];
        Graph graph = new PassManager(passes).Run(sample, PassContext.Default with { Calibration = samples }).Graph;
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions(), samples);
        PolynomialStep[] polynomials = [.. model.Plan.Steps.OfType<PolynomialStep>()];
        Assert.Equal(3, polynomials.Length);
        Assert.All(polynomials, p => Assert.Equal(degree, p.Degree));
        Assert.Equal(0, model.Plan.Steps.Sum(s => s.ReluCount(model.Plan)));
        RequireTwoWordsOnline(model.Plan);

        ExecutionPlan plan = PlanSerializer.Read(PlanSerializer.Write(model.Plan));
        FixedPointInterpreter interpreter = new(plan, model.Weights);
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        await using InferenceServer server = InferenceServer.Start(plan, model.Weights, new ServerOptions { Certificate = certificate, Audit = true });
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate, Audit = true };
        await using InferenceClient client = await InferenceClient.ConnectAsync(plan, options);
        for (int i = 0; i < 2; i++)
        {
            float[] image = calibration[i].Input.Floats.ToArray();
            InferenceResult result = await client.InferAsync(image);
            Assert.Equal(Expected(plan, interpreter, image), result.FixedPoint);
            RequireCloseToFloat(graph, calibration[i].Input, result.FixedPoint, plan.Values[^1].Scale);
        }
    }

    /// <summary>One ring element each way and one round: at most 16 bytes an element.</summary>
    private static void RequireTwoWordsOnline(ExecutionPlan plan)
    {
        CostReport report = PlanCosts.Report(plan);
        foreach (PolynomialStep step in plan.Steps.OfType<PolynomialStep>())
        {
            PhaseCost online = report.Steps.Single(s => s.Kind == "polynomial" && s.Name == step.Name).Online;
            long word = PackedBits.ByteCount((long)plan.Values[step.Output].Count * plan.RingBits) + 16;
            Assert.Equal((word, word), (online.ClientBytes, online.ServerBytes));
        }
    }

    /// <summary>Within a twentieth of the largest score: three layers of 9 to 12 bits, whose truncations floor.</summary>
    private static void RequireCloseToFloat(Graph graph, Tensor image, IReadOnlyList<long> integers, double scale)
    {
        float[] exact = FloatInterpreter.Run(graph, [image])[0].Floats.ToArray();
        float largest = exact.Max(Math.Abs);
        for (int i = 0; i < exact.Length; i++)
            Assert.InRange(integers[i] / scale, exact[i] - (largest / 20), exact[i] + (largest / 20));
    }

    private static IEnumerable<long> Expected(ExecutionPlan plan, FixedPointInterpreter interpreter, float[] image)
    {
        Ring ring = new(plan.RingBits);
        ulong[] words = new ulong[image.Length];
        FixedPointEncoding.Encode(plan.Values[0], ring, image, words);
        return [.. interpreter.Run(words).ToArray().Select(ring.ToSigned)];
    }
}
