using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Backends;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>
/// The sample model, its max pools made average pools, with one sign decision for each 2×2 patch of its feature maps, executed
/// securely.
/// </summary>
public sealed class SharedSignTests
{
    [Fact]
    public async Task Secure_output_equals_the_clear_interpreter_and_costs_fewer_bytes()
    {
        Graph sample = OnnxImporter.Import(Repository.Sample("fashion-mnist.onnx")).Graph;
        Graph original = Rewrite(sample, share: false), shared = Rewrite(sample, share: true);
        Dataset calibration = Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), original.Inputs[0].Type);
        CalibrationData samples = new([.. Enumerable.Range(0, 20).Select(i => calibration[i].Input)]);
        CompiledModel model = BackendCompiler.Compile(shared, new CompileOptions { Backend = "gc" }, samples);
        Assert.Contains(model.Plan.Steps, s => s is SharedSignStep);
        Assert.Equal((32 * 28 * 28) + (64 * 14 * 14) + 128, BackendCompiler.CountSignDecisions(original));
        Assert.Equal((32 * 14 * 14) + (64 * 7 * 7) + 128, BackendCompiler.CountSignDecisions(shared));
        PhaseTotals before = PlanCosts.Report(BackendCompiler.Compile(original, new CompileOptions { Backend = "gc" }, samples).Plan).Total;
        PhaseTotals after = PlanCosts.Report(model.Plan).Total;
        Assert.True(2 * after.Online.TotalBytes < before.Online.TotalBytes, $"{after.Online} after {before.Online}");
        Assert.True(2 * after.Offline.TotalBytes < before.Offline.TotalBytes, $"{after.Offline} after {before.Offline}");
        Assert.Equal(BackendCompiler.CountSignDecisions(shared), model.Plan.Steps.Sum(s => s.ReluCount(model.Plan)));

        ExecutionPlan plan = PlanSerializer.Read(PlanSerializer.Write(model.Plan));
        FixedPointInterpreter interpreter = new(plan, model.Weights);
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        await using InferenceServer server = InferenceServer.Start(plan, model.Weights, new ServerOptions { Certificate = certificate, Audit = true });
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate, Audit = true };
        await using InferenceClient client = await InferenceClient.ConnectAsync(plan, options);
        for (int i = 0; i < 3; i++)
        {
            float[] image = calibration[i].Input.Floats.ToArray();
            InferenceResult result = await client.InferAsync(image);
            Assert.Equal(Expected(plan, interpreter, image), result.FixedPoint);
        }
    }

    private static IEnumerable<long> Expected(ExecutionPlan plan, FixedPointInterpreter interpreter, float[] image)
    {
        Ring ring = new(plan.RingBits);
        ulong[] words = new ulong[image.Length];
        FixedPointEncoding.Encode(plan.Values[0], ring, image, words);
        return [.. interpreter.Run(words).ToArray().Select(ring.ToSigned)];
    }

    /// <summary>Max pools become average pools; with sharing, every ReLU on feature maps becomes x·expand(DReLU(mean of each 2×2 patch)).</summary>
    private static Graph Rewrite(Graph graph, bool share)
    {
        GraphBuilder builder = new(graph.Name + "-shared");
        Dictionary<Value, Value> copies = [];
        foreach (Value input in graph.Inputs)
            copies[input] = builder.Input(input.Name, input.Type);
        foreach (Node node in graph.Nodes)
        {
            ImmutableArray<Value> inputs = [.. node.Inputs.Select(v => copies[v])];
            copies[node.Output] = node.Operation switch
            {
                MaxPool pool => builder.Add(new AveragePool(pool.Window), inputs),
                Relu when share && inputs[0].Shape is { Rank: 4 } => ShareByMean(builder, inputs[0]),
                _ => builder.Add(node.Operation, inputs),
            };
        }

        foreach (Value output in graph.Outputs)
            builder.Output(copies[output]);
        return builder.Build();
    }

    private static Value ShareByMean(GraphBuilder builder, Value x)
    {
        Value mask = builder.Add(new DRelu(), [builder.Add(new AveragePool(SpatialWindow.Create([2, 2], stride: 2)), [x])]);
        foreach (int axis in (int[])[2, 3])
        {
            Value positions = builder.Constant(Tensor.FromInt64([.. Enumerable.Range(0, x.Shape[axis]).Select(i => i / 2L)]));
            mask = builder.Add(new Gather(axis), [mask, positions]);
        }

        return builder.Add(new Binary(BinaryKind.Mul), [x, mask]);
    }
}
