using PrivateInference.Backends;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Tests;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Passes.Tests;
using PrivateInference.Testing;
using Xunit.Abstractions;

namespace PrivateInference.CommandLine.Tests.Exporting;

/// <summary>Export, run in ONNX Runtime, import, compile: for every recipe.</summary>
public sealed class RoundTripTests(ITestOutputHelper log)
{
    private const int Networks = 12;

    /// <summary>Larger models are read back but not executed, which would take minutes.</summary>
    private const long MaxExecuted = 100_000_000;

    /// <summary>Larger models are not compiled.</summary>
    private const long MaxCompiled = 60_000_000;

    /// <summary>More than 100 MB of weights.</summary>
    private static readonly string[] _large = ["light_bvlc_alexnet.onnx", "light_resnet50.onnx", "light_vgg19.onnx", "light_zfnet512.onnx"];

    public static TheoryData<string> Recipes => RoundTripRecipes.All;

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_rewritten_sample_model_survives_the_round_trip(string recipe)
    {
        foreach (string name in CompiledSample.Names)
        {
            Graph imported = OnnxImporter.Import(Repository.Sample(name + ".onnx")).Graph;
            CalibrationData calibration = new([.. Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), imported.Inputs[0].Type).Take(8).Select(s => s.Input)]);
            Graph graph = RoundTripRecipes.Apply(recipe, imported, calibration);
            Tensor[][] samples = [.. calibration.Samples.Select(s => new[] { s }), RandomInputs(graph, seed: 1)];

            RoundTrip trip = new(graph);
            trip.RequireSameResults(samples);
            trip.RequireSameText();
            Assert.Equal(BackendCompiler.Check(graph).IsEmpty, trip.RequireSamePlan(calibration));

            // Noise that the parties draw has no standard operator.
            RoundTrip plain = new(graph, standardOnly: true);
            plain.RequireSameResults(samples);
            if (!graph.Nodes.Any(n => n.Operation is RandomFlip))
                plain.RequireSamePlan(calibration);
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_rewritten_random_network_survives_the_round_trip(string recipe)
    {
        int compiled = 0, refused = 0;
        for (int seed = 0; seed < Networks; seed++)
        {
            Graph random = RandomNetwork.Create(seed);

            // A plan has one output.
            if (seed % 2 == 1)
                random = random.With(outputs: [random.Outputs.First(o => o.Shape.Rank == 2)]);
            CalibrationData calibration = new([.. Enumerable.Range(0, 4).Select(i => RandomInputs(random, i)[0])]);
            try
            {
                Graph graph = RoundTripRecipes.Apply(recipe, random, calibration);
                RoundTrip trip = new(graph);
                trip.RequireSameResults([[calibration.Samples[0]]]);
                trip.RequireSameText();
                compiled += trip.RequireSamePlan() ? 1 : 0;
                RoundTrip plain = new(graph, standardOnly: true);
                plain.RequireSameResults([[calibration.Samples[0]]]);
                if (!graph.Nodes.Any(n => n.Operation is RandomFlip))
                    plain.RequireSamePlan();
            }
            catch (UsageException e)
            {
                log.WriteLine($"network {seed}: {e.Message}");
                refused++;
            }
        }

        log.WriteLine($"{compiled} of {Networks} compile");
        Assert.True(refused < Networks, "The recipe applies to no network; give it parameters in RoundTripRecipes.");
    }

    [SkippableTheory]
    [InlineData("cifar", 3)]
    [InlineData("graphs", 1)]
    [InlineData("imagenet", 1)]
    [InlineData("imagenet_arch", 2)]
    [InlineData("mnist", 15)]
    [InlineData("other", 2)]
    [InlineData("paddle", 1)]
    [InlineData("quantized", 5)]
    [InlineData("sklearn", 4)]
    [InlineData("traffic", 3)]
    [InlineData("transformer", 1)]
    public void A_third_party_model_survives_the_round_trip(string folder, int atLeast)
    {
        int survived = 0;
        foreach (string file in SharedModels.Files(folder).Where(f => !_large.Contains(Path.GetFileName(f))))
        {
            string outcome = Outcome(file);
            log.WriteLine($"{Path.GetFileName(file)}: {outcome}");
            survived += outcome.StartsWith("same", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(survived >= atLeast, $"only {survived} models survive");
    }

    private static string Outcome(string file)
    {
        Graph graph;
        RoundTrip trip;
        try
        {
            graph = PassPipeline.Canonicalize(OnnxImporter.Import(file, Sizes(file)).Graph);
            trip = new RoundTrip(graph);
        }
        catch (Exception e) when (e is ModelNotSupportedException or ModelFormatException or ExportException)
        {
            return e.Message;
        }

        trip.RequireSameText();
        long work = graph.Nodes.Sum(MultiplyAccumulates.Count);
        if (work > MaxExecuted)
            return "same text";
        trip.RequireSameResults([RandomInputs(graph, seed: 1)]);
        return work <= MaxCompiled && trip.RequireSamePlan() ? "same text, results and plan" : "same text and results";
    }

    /// <summary>Some models leave the size of their inputs open.</summary>
    private static ImportOptions? Sizes(string file)
    {
        string folder = Path.GetFileName(Path.GetDirectoryName(file)!);
        string record = Path.Combine(SharedModels.Root!, "expected", folder, Path.GetFileNameWithoutExtension(file));
        return Directory.Exists(record) ? RecordedInputSizes.Read(record) : null;
    }

    private static Tensor[] RandomInputs(Graph graph, int seed)
    {
        Random random = new(seed);
        return [.. graph.Inputs.Select(v => v.Type.IsFloat
            ? Tensor.FromFloats(v.Type, [.. Enumerable.Range(0, v.Shape.Count).Select(_ => random.NextSingle())])
            : Tensor.FromIntegers(v.Type, [.. Enumerable.Range(0, v.Shape.Count).Select(_ => (long)random.Next(2))]))];
    }
}
